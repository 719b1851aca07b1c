namespace Skep.Client;

/// <summary>Ends a command with a message for people and an exit code.</summary>
/// <param name="exitCode">One of <see cref="ExitCodes"/>.</param>
/// <param name="message">What is wrong and how to fix it; empty when all has been said already.</param>
internal sealed class CliException(int exitCode, string message = "") : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}
