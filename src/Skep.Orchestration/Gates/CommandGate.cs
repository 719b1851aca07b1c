using Skep.Plans;

namespace Skep.Orchestration;

/// <summary>Runs a command; exit code 0 passes.</summary>
public sealed class CommandGate(IExecutor command) : IGateCheck
{
    /// <inheritdoc />
    public string Kind => GateKinds.Command;

    /// <inheritdoc />
    public async Task<AttemptResult> CheckAsync(GateRequest request, IAttemptContext context, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(request);
        var result = await command.ExecuteAsync(request.Attempt, context, cancel);
        var found = result.ExitCode is { } code ? $"exit code {code}" : result.Error ?? result.Outcome.ToString();
        var lastLine = result.LogTail.TrimEnd().Split('\n')[^1];
        // A check that failed to pass is no accident: trying it again without a change would only hide it.
        return result with
        {
            Evidence = $"{Command(request.Attempt)}: {found}{(lastLine.Length > 0 ? $" · {Text.Shorten(lastLine, 200)}" : "")}",
            Retryable = false,
        };
    }

    private static string Command(AttemptRequest attempt) => attempt.Script is { } script
        ? Text.Shorten(script.TrimEnd().Split('\n')[^1], 200)
        : Text.Shorten(string.Join(' ', attempt.Argv), 200);
}
