namespace Skep.Agents.Budgets;

/// <summary>What became of a call, as the log keeps it; a book is restored from these in their order.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Call">To which call.</param>
/// <param name="Amount">Reserved: the estimate. Settled: what it took. Else not looked at.</param>
/// <param name="At">When.</param>
public sealed record BudgetEntry(BudgetEntryKind Kind, BudgetCall Call, BudgetAmount Amount, DateTimeOffset At);

/// <summary>Kind of a <see cref="BudgetEntry"/>.</summary>
public enum BudgetEntryKind
{
    /// <summary>The call was about to be made.</summary>
    Reserved,

    /// <summary>It is over, and what it took is known.</summary>
    Settled,

    /// <summary>It was turned away before anything was billed.</summary>
    Released,

    /// <summary>Nobody knows what it took; all that was reserved counts as used.</summary>
    Lost,
}
