using System.Runtime.CompilerServices;

namespace Skep.Memory.Watching;

/// <summary>
/// Follows the changes. It reads them from the log of changes by number, so that it neither loses nor repeats any, however slow its consumer is; it
/// is woken by the signal or, where another process writes, looks now and then.
/// </summary>
internal sealed class Watcher(Func<long, ChangePage> read, ChangeSignal? signal, TimeProvider time)
{
    /// <summary>First pause between two looks at what another process writes, after something has changed.</summary>
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(5);

    /// <summary>Longest pause, after which nothing has happened for a while.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(250);

    internal async IAsyncEnumerable<MemoryChange> Follow(long revision, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        for (var pause = FirstPause; ; pause = Longer(pause))
        {
            cancel.ThrowIfCancellationRequested();
            var next = signal?.Next;
            var page = read(revision);
            if (page.Revision != revision) pause = FirstPause;
            revision = page.Revision;
            foreach (var change in page.Changes) yield return change;
            if (!page.AtEnd) continue;
            if (next is not null) await next.WaitAsync(cancel);
            else await Task.Delay(pause, time, cancel);
        }
    }

    private static TimeSpan Longer(TimeSpan pause) => pause * 2 < LongestPause ? pause * 2 : LongestPause;
}
