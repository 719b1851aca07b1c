using Skep.Models;
using Skep.Models.Endpoints;
using Skep.Plans;

namespace Skep.Agents;

/// <summary>Looks before a run whether the models that its plan needs can be found, and what their use will not be counted as.</summary>
public static class ModelChecks
{
    /// <summary>What stands in the way of a plan's models, and what its author should know. Both empty for plans without models.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="folder">The <c>.skep</c> folder.</param>
    /// <param name="environment">Reads a variable of the environment.</param>
    /// <returns>Errors: the run would fail at its first call. Warnings: it would work, but not as one may think.</returns>
    public static (IReadOnlyList<string> Errors, IReadOnlyList<string> Warnings) Of(Plan plan, string folder, Func<string, string?> environment)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var agents = AtWork(plan);
        if (agents.Count == 0) return ([], []);
        try
        {
            using var source = new ModelSource(folder, new ModelSourceOptions { Environment = environment });
            var errors = agents.Select(a => Problem(source, a, a.Model ?? ChatExecutor.DefaultModel)).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
            List<string> warnings = [.. agents.SelectMany(a => a.Fallbacks.Select(f => Problem(source, a, f))).OfType<string>(), .. errors.Count == 0 ? Prices(plan, agents, source) : []];
            return (errors, [.. warnings.Distinct(StringComparer.Ordinal)]);
        }
        catch (ModelConfigurationException e)
        {
            return ([e.Message], []);
        }
    }

    /// <summary>Why a model cannot be asked, or null.</summary>
    /// <param name="model">The model, as plans name it.</param>
    /// <param name="folder">The <c>.skep</c> folder.</param>
    /// <param name="environment">Reads a variable of the environment.</param>
    public static string? ProblemOf(string model, string folder, Func<string, string?> environment)
    {
        try
        {
            using var source = new ModelSource(folder, new ModelSourceOptions { Environment = environment });
            source.Resolve(model);
            return null;
        }
        catch (Exception e) when (e is ModelConfigurationException or ModelException)
        {
            return e.Message;
        }
    }

    /// <summary>What is wrong with the files and variables that describe models, or null.</summary>
    /// <param name="folder">The <c>.skep</c> folder.</param>
    /// <param name="environment">Reads a variable of the environment.</param>
    /// <param name="ready">Providers that could be called.</param>
    public static string? Configuration(string folder, Func<string, string?> environment, out IReadOnlyList<string> ready)
    {
        ready = [];
        try
        {
            using var source = new ModelSource(folder, new ModelSourceOptions { Environment = environment });
            ready = [.. source.Endpoints.Select(e => e.Name).Where(n => source.IsReady(n, out _))];
            return null;
        }
        catch (ModelConfigurationException e)
        {
            return e.Message;
        }
    }

    private static List<AgentSpec> AtWork(Plan plan)
    {
        var wanted = plan.Tasks.Where(t => !t.Planned && t.Agent is not null).Select(t => t.Agent!).ToHashSet(StringComparer.Ordinal);
        foreach (var team in plan.Teams.Where(t => wanted.Contains(t.Id)).ToList()) wanted.UnionWith(team.Members);
        return [.. plan.Agents.Where(a => a.Executor == ExecutorKinds.Chat && wanted.Contains(a.Id))];
    }

    private static string? Problem(ModelSource source, AgentSpec agent, string model)
    {
        try
        {
            source.Resolve(model);
            return null;
        }
        catch (ModelException e)
        {
            return $"agent '{agent.Id}': {e.Message}";
        }
    }

    private static IEnumerable<string> Prices(Plan plan, List<AgentSpec> agents, ModelSource source)
    {
        var unpriced = agents.SelectMany(a => a.Fallbacks.Prepend(a.Model ?? ChatExecutor.DefaultModel)).Select(m => Route(source, m)).OfType<ModelRoute>()
            .Where(r => r.Price is null).Select(r => $"{r.Provider}/{r.Model}").Distinct(StringComparer.Ordinal).ToList();
        if (unpriced.Count == 0) yield break;
        var budgets = plan.Tasks.Select(t => t.Budget).Concat(plan.Agents.Select(a => a.Budget)).Concat(plan.Phases.Select(p => p.Budget)).Append(plan.Swarm.Budget);
        var vain = budgets.Any(b => b?.CostUsd is not null) ? ", and the plan's 'cost_usd' does not limit it" : "";
        yield return $"no price is known of {string.Join(", ", unpriced.Take(10))}: what it costs is not counted{vain}; put its price into prices.json of the .skep folder";
    }

    private static ModelRoute? Route(ModelSource source, string model)
    {
        try
        {
            return source.Resolve(model);
        }
        catch (ModelException)
        {
            return null;
        }
    }
}
