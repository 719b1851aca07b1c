using Skep.Orchestration;

namespace Skep.Agents;

/// <summary>Takes what agents propose to the queen of their run.</summary>
internal sealed class QueenProposals(SkepHost host) : ITaskProposals
{
    /// <inheritdoc />
    public async Task<string> ProposeAsync(AttemptRequest attempt, string key, string fragment, CancellationToken cancel)
    {
        var refusal = await host.ControlAsync(attempt.RunId, new ProposeTasks(attempt.TaskId, attempt.Attempt, key, fragment), cancel);
        return refusal is null
            ? "admitted: the tasks belong to the plan now, and begin when what they need is settled"
            : throw new RequestException(RequestCodes.BadRequest, refusal);
    }
}
