namespace Skep.Memory.Finding;

/// <summary>Of the entries that are added, those that were written last; of those that were written at the same time, the ones whose paths sort last.</summary>
/// <param name="most">How many are kept.</param>
internal sealed class LastWritten(int most)
{
    private static readonly Comparer<(long Updated, string Path)> Order = Comparer<(long Updated, string Path)>.Create(
        static (a, b) => a.Updated.CompareTo(b.Updated) is var order and not 0 ? order : string.CompareOrdinal(a.Path, b.Path));

    private readonly PriorityQueue<string, (long Updated, string Path)> _firstWrittenFirst = new(Order);

    internal void Add(string path, long updated)
    {
        if (_firstWrittenFirst.Count < most) _firstWrittenFirst.Enqueue(path, (updated, path));
        else _firstWrittenFirst.EnqueueDequeue(path, (updated, path));
    }

    /// <summary>Takes them out, last written first.</summary>
    internal List<FindCandidate> Take()
    {
        var found = new List<FindCandidate>(_firstWrittenFirst.Count);
        while (_firstWrittenFirst.TryDequeue(out var path, out var written)) found.Add(new FindCandidate(path, written.Updated));
        found.Reverse();
        return found;
    }
}
