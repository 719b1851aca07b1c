using Skep.Models;
using Skep.Plans;

namespace Skep.Agents.Planning;

/// <summary>What the models of a plan may take, guessed before it runs, and what they can take at most.</summary>
/// <param name="Tokens">Guess: each task <see cref="TurnsPerTask"/> turns of <see cref="AnswerTokens"/> tokens, over its prompt.</param>
/// <param name="Usd">The same in dollars; null when a price is unknown.</param>
/// <param name="Unpriced">Models without a price.</param>
public sealed record PlanPrice(long Tokens, decimal? Usd, IReadOnlyList<string> Unpriced)
{
    /// <summary>Turns that a task is guessed to take.</summary>
    public const int TurnsPerTask = 3;

    /// <summary>Tokens that a turn is guessed to answer with.</summary>
    public const int AnswerTokens = 700;

    private const int PromptAround = 600;

    /// <summary>Guesses the price of a plan. A fan-out over a list that is not known counts once.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="models">Finds models; one that cannot be found counts as one without a price.</param>
    public static PlanPrice Of(Plan plan, IModelSource models)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(models);
        var (tokens, usd, unpriced) = (0L, 0m, new SortedSet<string>(StringComparer.Ordinal));
        foreach (var (task, agent) in plan.Tasks.Where(t => !t.Planned).Select(t => (t, AgentOf(plan, t))))
        {
            if (agent is not { Executor: ExecutorKinds.Chat }) continue;
            var (count, times) = (Guess(task, agent), Math.Max(1, task.ForeachItems?.Count ?? 1));
            tokens += count.Total * times;
            if (PriceOf(models, agent, unpriced) is { } price) usd += price.Of(count) * times;
        }

        return new PlanPrice(tokens, unpriced.Count > 0 ? null : usd, [.. unpriced]);
    }

    /// <summary>Each turn sends again what was said before.</summary>
    private static TokenCount Guess(PlanTask task, AgentSpec agent)
    {
        var turns = Math.Min(TurnsPerTask, agent.Limits.Turns ?? TurnsPerTask);
        var prompt = TokenEstimate.Of(task.Prompt) + TokenEstimate.Of(agent.SystemPrompt) + PromptAround;
        return new TokenCount((prompt * turns) + (AnswerTokens * turns * (turns - 1) / 2), AnswerTokens * turns);
    }

    private static AgentSpec? AgentOf(Plan plan, PlanTask task)
    {
        var id = plan.Teams.FirstOrDefault(t => t.Id == task.Agent) is { Members: [var first, ..] } ? first : task.Agent;
        return plan.Agents.FirstOrDefault(a => a.Id == id);
    }

    private static ModelPrice? PriceOf(IModelSource models, AgentSpec agent, SortedSet<string> unpriced)
    {
        var name = agent.Model ?? ChatExecutor.DefaultModel;
        try
        {
            var route = models.Resolve(name);
            if (route.Price is null) unpriced.Add($"{route.Provider}/{route.Model}");
            return route.Price;
        }
        catch (ModelException)
        {
            unpriced.Add(name);
            return null;
        }
    }
}
