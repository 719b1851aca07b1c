using Skep.Orchestration;

namespace Skep.Agents;

/// <summary>Takes tasks that agents propose. The tool is offered only where a host has one.</summary>
public interface ITaskProposals
{
    /// <summary>Takes a proposal, or refuses it; what it decides is durable when the task completes.</summary>
    /// <param name="attempt">Who proposes, and within what.</param>
    /// <param name="key">The same for every delivery of this proposal: it is taken once.</param>
    /// <param name="fragment">A JSON object as a model wrote it, with secrets masked: nothing else about it has been checked but its size.</param>
    /// <param name="cancel">Gives up waiting.</param>
    /// <returns>What became of it, for the model.</returns>
    /// <exception cref="RequestException">It is refused; the message says what would be right.</exception>
    Task<string> ProposeAsync(AttemptRequest attempt, string key, string fragment, CancellationToken cancel);
}
