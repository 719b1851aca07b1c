using Skep.Orchestration;

namespace Skep.Agents.Queries;

/// <summary>The queens of a host's runs, as queries see them.</summary>
internal sealed class QueenOfHost(SkepHost host) : IQueryHost
{
    /// <inheritdoc />
    public Task<string?> HoldAsync(string run, string task, bool held, string by, CancellationToken cancel) =>
        host.ControlAsync(run, held ? new PauseTask(task, by) : new ContinueTask(task, by), cancel);

    /// <inheritdoc />
    public Task<string?> CancelAsync(string run, string task, string by, CancellationToken cancel) => host.ControlAsync(run, new CancelTask(task, by), cancel);
}
