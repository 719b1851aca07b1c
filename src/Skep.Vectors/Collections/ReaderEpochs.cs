namespace Skep.Vectors.Collections;

/// <summary>
/// Who reads, without locks: readers count themselves in the present epoch; a writer that has taken something out of sight begins the next epoch and waits
/// until the last one has no readers. Those that come later cannot hold what was taken away.
/// </summary>
internal sealed class ReaderEpochs
{
    // Each on a cache line of its own.
    private readonly long[] _readers = new long[32];
    private int _epoch;

    /// <summary>Begins to read. Returns what <see cref="Leave"/> wants.</summary>
    public int Enter()
    {
        while (true)
        {
            var epoch = Volatile.Read(ref _epoch);
            var slot = Slot(epoch);
            Interlocked.Increment(ref _readers[slot]);
            if (Volatile.Read(ref _epoch) == epoch) return slot;
            Interlocked.Decrement(ref _readers[slot]);
        }
    }

    public void Leave(int slot) => Interlocked.Decrement(ref _readers[slot]);

    /// <summary>Waits until everybody who reads now has left. One writer at a time.</summary>
    public void WaitForReaders()
    {
        var before = Slot(_epoch);
        Interlocked.Increment(ref _epoch);
        var spin = default(SpinWait);
        while (Interlocked.Read(ref _readers[before]) != 0) spin.SpinOnce();
    }

    private static int Slot(int epoch) => 8 + ((epoch & 1) * 16);
}
