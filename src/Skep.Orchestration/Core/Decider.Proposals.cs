using Skep.Plans;

namespace Skep.Orchestration;

internal sealed partial class Decider
{
    private void OnPropose(ProposeTasks input)
    {
        if (state.Proposals.Any(p => p.Key == input.Key)) return;
        if (WhyNoProposals(input) is { } why)
        {
            Refuse(why);
            return;
        }

        var node = state.Find(input.Task)!;
        var agent = node.Current!.Agent;
        var proposal = ProposalReader.Read(input.Fragment, state.Plan, new Proposer(node.Node.Id, agent));
        if (proposal.Plan is null) Refuse(proposal.Problem);
        else if (WhyTooMuch(proposal.Executions) is { } much) Refuse(much);
        else Emit(new TasksAdmitted(input.Task, input.Attempt, agent, input.Key, input.Fragment, [.. proposal.Tasks.Select(t => t.Id)]));
    }

    private string? WhyNoProposals(ProposeTasks input)
    {
        if (state.Status is not (RunStatus.Running or RunStatus.Paused)) return $"the run is {state.Status.Name()}; it takes no further tasks";
        if (state.Find(input.Task) is not { Task: not null } node || node.Current is not { Stop: StopReason.None } attempt || attempt.Number != input.Attempt)
            return $"attempt {input.Attempt} of '{Text.Shorten(input.Task, 100)}' is not at work; only an agent at work may propose tasks";
        return state.Plan.Agents.Any(a => a.Id == attempt.Agent) ? null : $"agent '{attempt.Agent}' stands in no plan, which would say what it may propose";
    }

    /// <summary>The forecast is that of <see cref="WatchBudget"/>: what a task took so far, for all that waits and what comes along.</summary>
    private string? WhyTooMuch(int more)
    {
        var most = state.Plan.Swarm.MaxProposedTasks;
        if (state.ProposedExecutions + more > most)
            return $"{more} more tasks are too many: agents may propose {most} in this run (swarm.max_proposed_tasks), and have proposed {state.ProposedExecutions}";
        var budget = state.Plan.Swarm.Budget;
        var waiting = state.Usage.WaitingTasks(Tier.Experimental) + more;
        return WhyOver("wall", budget.Wall?.TotalSeconds, (now - state.StartedAt - state.Downtime).TotalSeconds, (state.Usage.WaitingSeconds(Tier.Experimental) + more * state.Usage.MeanSeconds) / state.MaxConcurrency)
            ?? WhyOver(Usage.TokensMetric, budget.Tokens, state.Usage.Tokens, PerTask(state.Usage.Tokens) * waiting)
            ?? WhyOver(Usage.CostMetric, budget.CostUsd, state.Usage.CostUsd, PerTask(state.Usage.CostUsd) * waiting);
    }

    private static string? WhyOver(string resource, double? limit, double used, double expected) =>
        limit is { } most && (used >= most || used + expected > most)
            ? $"the run's budget {resource} does not allow for them: {Number(used)} of {Number(most)} used, {Number(expected)} more expected with them"
            : null;
}
