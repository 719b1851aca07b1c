using Skep.Models;

namespace Skep.Agents.Budgets;

/// <summary>A call of a model that is over, as a report counts it.</summary>
/// <param name="Run">Its run.</param>
/// <param name="Phase">Phase of its task.</param>
/// <param name="Task">Its task.</param>
/// <param name="Agent">The agent spec.</param>
/// <param name="Provider">The provider.</param>
/// <param name="Model">The model's name there.</param>
/// <param name="Tokens">What it took.</param>
/// <param name="CostUsd">US dollars; null when the price is unknown.</param>
/// <param name="SavedUsd">What prompt caching saved, in US dollars; negative when it cost more; null when the price is unknown.</param>
/// <param name="At">When it was over.</param>
public sealed record CallRecord(
    string Run, string Phase, string Task, string Agent, string Provider, string Model, TokenCount Tokens, decimal? CostUsd, decimal? SavedUsd, DateTimeOffset At)
{
    /// <summary>As a plan names the model.</summary>
    public string FullModel => $"{Provider}/{Model}";
}
