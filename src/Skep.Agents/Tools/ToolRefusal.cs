namespace Skep.Agents.Tools;

/// <summary>A tool does not do what it was asked. The message is for the model: what is wrong and what would be right. Nothing was changed.</summary>
internal sealed class ToolRefusal(string message) : Exception(message);
