namespace Skep.Orchestration;

/// <summary>A run's log does not make sense: it is damaged, belongs to another plan, or was written by a newer version.</summary>
public sealed class RunLogException(string message, Exception? inner = null) : Exception(message, inner);
