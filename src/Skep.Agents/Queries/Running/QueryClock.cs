using Skep.Orchestration;

namespace Skep.Agents.Queries;

/// <summary>
/// Tells whether a query works or stands still. While it waits for a person its attempt's time limit stands still, which is the queen's; while it waits or is held,
/// so do the time limits of its budgets, unless another query that counts in them works.
/// </summary>
internal sealed class QueryClock : IDisposable
{
    private readonly Lock _lock = new();
    private readonly IAttemptContext _context;
    private readonly ChatBudget _budget;
    private readonly IDisposable _holds;
    private bool _held, _waits;

    public QueryClock(IAttemptContext context, ChatBudget budget, HoldSwitch hold)
    {
        (_context, _budget) = (context, budget);
        budget.Enter();
        _holds = hold.OnChange(held => Set(() => _held = held));
    }

    /// <summary>A person is waited for, or no longer.</summary>
    public void Wait(bool waits)
    {
        if (_waits != waits) _context.Waiting(waits);
        Set(() => _waits = waits);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _holds.Dispose();
        _budget.Leave();
    }

    private void Set(Action change)
    {
        lock (_lock)
        {
            change();
            _budget.Stand(_held || _waits);
        }
    }
}
