namespace Skep.Orchestration;

/// <summary>
/// Calls of one hook during a task, told of together: the first, every change of outcome, every <see cref="Every"/>th, and what is left at the
/// end. So a task of many hours does not fill the log, and the sums are right all the same.
/// </summary>
internal sealed class RepeatedCalls(Action<HookOutcome, int> record)
{
    /// <summary>Calls of the same outcome that one event tells of.</summary>
    public const int Every = 20;

    private HookOutcome? _last;
    private TimeSpan _elapsed;
    private int _count;
    private bool _any;

    public void Add(HookOutcome outcome)
    {
        if (_last is { } last && last.ExitCode != outcome.ExitCode) Flush();
        (_last, _elapsed, _count) = (outcome, _elapsed + outcome.Elapsed, _count + 1);
        if (!_any || _count >= Every) Flush();
        _any = true;
    }

    /// <summary>Tells of what has not been told of.</summary>
    public void Flush()
    {
        if (_last is { } last && _count > 0) record(last with { Elapsed = _elapsed }, _count);
        (_elapsed, _count) = (TimeSpan.Zero, 0);
    }
}
