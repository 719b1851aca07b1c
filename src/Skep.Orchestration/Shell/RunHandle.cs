namespace Skep.Orchestration;

/// <summary>A run that is being worked on in this process.</summary>
public sealed class RunHandle
{
    private readonly RunShell _shell;

    internal RunHandle(string runId, RunShell shell) => (RunId, _shell) = (runId, shell);

    /// <summary>Id of the run.</summary>
    public string RunId { get; }

    /// <summary>
    /// Completes with the run's final status, or with the status in which it was left when it was stopped. Fails with a
    /// <see cref="Storage.StorageException"/> when events could not be made durable, among them that another process has taken the run over.
    /// </summary>
    public Task<RunStatus> Completion => _shell.Completion;

    /// <summary>Brings a control request. Returns null when it was carried out and is durable, else why not.</summary>
    public Task<string?> AskAsync(RunInput input, CancellationToken cancel = default) => _shell.AskAsync(input, cancel);

    /// <summary>Stops working on the run and ends all that it started. It can be resumed.</summary>
    public Task StopAsync() => _shell.StopAsync();
}
