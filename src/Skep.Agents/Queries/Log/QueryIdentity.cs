using Skep.Orchestration;

namespace Skep.Agents.Queries;

/// <summary>Whose query it is. Its id is the attempt's idempotency key.</summary>
/// <param name="Id"><c>run/task/attempt</c>.</param>
/// <param name="Run">The run.</param>
/// <param name="Phase">The phase.</param>
/// <param name="Task">Node key of the task.</param>
/// <param name="Attempt">Number of the attempt.</param>
/// <param name="Spec">The agent spec.</param>
/// <param name="Agent">Name of the instance.</param>
public sealed record QueryIdentity(string Id, string Run, string Phase, string Task, int Attempt, string Spec, string Agent)
{
    /// <summary>The identity of an attempt's query.</summary>
    public static QueryIdentity Of(AttemptRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return new QueryIdentity(request.IdempotencyKey, request.RunId, request.Phase, request.TaskId, request.Attempt, request.Agent.Id, request.AgentName);
    }
}
