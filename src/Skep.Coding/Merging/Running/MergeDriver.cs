using Skep.Coding.Git;

namespace Skep.Coding.Merging;

/// <summary>What a step came to.</summary>
internal enum DriveResult
{
    /// <summary>Something happened: look again.</summary>
    Worked,

    /// <summary>No entry waits.</summary>
    Resting,

    /// <summary>Something hinders: try again later.</summary>
    Held,
}

/// <summary>
/// Does what <see cref="MergeCore.Next"/> says, one step at a time. Every event is durable before the state shows it, and before the git command that it
/// announces; the driver may be cut off between any two lines, and another one goes on.
/// </summary>
internal sealed class MergeDriver(MergeState state, IMergeLog log, IMergeWorld world, ICandidateCheck check, Action<MergeEvent>? observer = null) : IDisposable
{
    private readonly SemaphoreSlim _writing = new(1);
    private readonly Lock _lock = new();
    private (int Entry, CancellationTokenSource Stop)? _checking;

    /// <summary>Decides, makes durable, applies. Returns why nothing follows, or null.</summary>
    public async Task<string?> TellAsync(MergeInput input)
    {
        await _writing.WaitAsync();
        try
        {
            var decision = MergeCore.Decide(state, input);
            foreach (var e in decision.Events) await RecordAsync(e);
            return decision.Refusal;
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>Begins the queue, or takes it up after a crash.</summary>
    public async Task BeginAsync(QueueOpened opened, CancellationToken cancel)
    {
        if (state.Opened is null) await RecordAsync(opened);
        await TellAsync(new Recovered());
        await world.CleanAsync(state, cancel);
    }

    /// <summary>Does one step.</summary>
    public async Task<DriveResult> StepAsync(CancellationToken cancel)
    {
        var step = await NextAsync();
        try
        {
            switch (step)
            {
                case IntegrateStep s: return await IntegrateAsync(s.Entry, cancel);
                case CheckStep s: return await CheckAsync(s.Entry, cancel);
                case LandStep s: return await LandAsync(s.Entry, cancel);
                default: return DriveResult.Resting;
            }
        }
        catch (GitException e)
        {
            // Refused where it was the cleaning up behind an entry that is over.
            if (EntryOf(step) is { } entry) await TellAsync(new Hindered(entry.Number, e.Message));
            return DriveResult.Held;
        }
    }

    /// <inheritdoc />
    public void Dispose() => _writing.Dispose();

    /// <summary>Submissions come in meanwhile.</summary>
    private async Task<MergeStep> NextAsync()
    {
        await _writing.WaitAsync();
        try
        {
            return MergeCore.Next(state);
        }
        finally
        {
            _writing.Release();
        }
    }

    private static MergeEntry? EntryOf(MergeStep step) => step switch
    {
        IntegrateStep s => s.Entry,
        CheckStep s => s.Entry,
        LandStep s => s.Entry,
        _ => null,
    };

    private async Task<DriveResult> IntegrateAsync(MergeEntry entry, CancellationToken cancel)
    {
        if (await TellAsync(new TipRead(entry.Number, await world.TipAsync(cancel))) is not null) return DriveResult.Worked;
        await TellAsync(new Integrated(entry.Number, await world.IntegrateAsync(entry, cancel)));
        return DriveResult.Worked;
    }

    private async Task<DriveResult> CheckAsync(MergeEntry entry, CancellationToken cancel)
    {
        await TellAsync(new CheckStarting(entry.Number));
        // It may be withdrawn at any moment, which ends its check.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        lock (_lock) _checking = (entry.Number, stop);
        try
        {
            if (entry.OpenCheck is { } number) await TellAsync(await VerdictAsync(entry, number, stop.Token, cancel));
        }
        finally
        {
            lock (_lock) _checking = null;
        }

        await world.CleanAsync(state, cancel);
        return DriveResult.Worked;
    }

    private async Task<CheckEnded> VerdictAsync(MergeEntry entry, int number, CancellationToken stop, CancellationToken cancel)
    {
        try
        {
            var path = await world.PrepareAsync(entry, number, stop);
            var opened = state.Opened!;
            return new CheckEnded(entry.Number, number, await check.CheckAsync(new Candidate(opened.Run, opened.Target, entry.Work, path, entry.Candidate!, entry.Tip!, number), stop));
        }
#pragma warning disable CA1031 // a check is foreign code: whatever it throws says that it could not be run, and nothing about the candidate
        catch (Exception e) when (!cancel.IsCancellationRequested)
#pragma warning restore CA1031
        {
            return new CheckEnded(entry.Number, number, null, $"{e.GetType().Name}: {e.Message}");
        }
    }

    private async Task<DriveResult> LandAsync(MergeEntry entry, CancellationToken cancel)
    {
        if (!entry.IsLandingBegun)
        {
            var tip = await world.TipAsync(cancel);
            if (tip == entry.Tip && await world.ObstacleAsync(entry, cancel) is { } obstacle)
            {
                await TellAsync(new Hindered(entry.Number, obstacle));
                return entry.IsSettled ? DriveResult.Worked : DriveResult.Held;
            }

            await TellAsync(new LandingStarting(entry.Number, tip));
            if (!entry.IsLandingBegun) return DriveResult.Worked;
        }

        await TellAsync(new LandingEnded(entry.Number, await world.LandAsync(entry, cancel)));
        await world.CleanAsync(state, cancel);
        return DriveResult.Worked;
    }

    private async Task RecordAsync(MergeEvent recorded)
    {
        await log.AppendAsync(state, recorded);
        MergeCore.Apply(state, recorded);
        if (recorded is EntryWithdrawn withdrawn) StopCheck(withdrawn.Entry);
        observer?.Invoke(recorded);
    }

    /// <summary>Whatever the check says now is about nothing any more.</summary>
    private void StopCheck(int entry)
    {
        lock (_lock)
            if (_checking is { } checking && checking.Entry == entry) checking.Stop.Cancel();
    }
}
