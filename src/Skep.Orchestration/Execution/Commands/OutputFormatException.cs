namespace Skep.Orchestration.Commands;

/// <summary>A task's outputs are malformed: a fault in the task that another attempt will repeat.</summary>
internal sealed class OutputFormatException(string message, Exception? inner = null) : FormatException(message, inner);
