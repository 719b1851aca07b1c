using Polly;
using Skep.Memory;
using Skep.Models;

namespace Skep.Agents.Queries;

/// <summary>What queries share.</summary>
internal sealed class QueryServices
{
    /// <summary>Finds models.</summary>
    public required IModelSource Models { get; init; }

    /// <summary>Where tools come from.</summary>
    public required IReadOnlyList<IToolSource> Tools { get; init; }

    /// <summary>Logs.</summary>
    public required QueryStore Store { get; init; }

    /// <summary>Queries at work.</summary>
    public required QueryDesk Desk { get; init; }

    /// <summary>The queen.</summary>
    public required IQueryHost Host { get; init; }

    /// <summary>Retries what is transient.</summary>
    public required ResiliencePipeline Retry { get; init; }

    /// <summary>Budgets of runs.</summary>
    public required BudgetDesk Budgets { get; init; }

    /// <summary>The folder's memory.</summary>
    public required MemoryStore Memory { get; init; }

    /// <summary>The clock.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>The host's environment, for secrets.</summary>
    public required Func<IReadOnlyDictionary<string, string>> Environment { get; init; }

    /// <summary>Values that must never be shown: keys of models.</summary>
    public required Func<IEnumerable<string>> Keys { get; init; }
}
