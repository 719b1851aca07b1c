namespace Skep.Mcp;

/// <summary>A tool cannot do what it was asked; the message is for the model that called it: what is wrong, and what would be right.</summary>
internal sealed class ToolFault(string message) : Exception(message)
{
    /// <summary>Further facts that help to mend it, as JSON; <see cref="System.Text.Json.JsonValueKind.Undefined"/> when there are none.</summary>
    public System.Text.Json.JsonElement Details { get; init; }
}
