using System.Diagnostics;
using System.Globalization;
using Microsoft.Win32.SafeHandles;
using Skep.Vectors;
using Skep.Vectors.Collections;

namespace Skep.Bench.Vectors;

/// <summary>A collection in a folder of its own, which goes when it is disposed of, and what is measured on it in this process.</summary>
internal sealed class CollectionRig : IAsyncDisposable
{
    /// <summary>Records of a batch; each is synced.</summary>
    public const int Batch = 1_000;

    private readonly CollectionSet _set;
    private readonly SyncCounter _files = new();
    private readonly string _root = Directory.CreateTempSubdirectory("skep-bench-collection-").FullName;
    private VectorCollection _collection;

    public CollectionRig(CollectionSet set, VectorCodes codes)
    {
        (_set, Codes) = (set, codes);
        _collection = Open();
    }

    public VectorCodes Codes { get; }

    public string Folder => Path.Combine(_root, "vectors");

    public VectorCollection Collection => _collection;

    /// <summary>Syncs so far.</summary>
    public int Syncs => _files.Count;

    public static CollectionOptions Options(VectorCodes codes, int most) => new()
    {
        Index = new VectorIndexOptions { Dimension = CollectionSet.Dimension, Codes = codes, MaxRows = most, MemoryLimit = 16L << 30 },
        AutoCompact = false,
    };

    /// <summary>Inserts records in batches, one caller; returns the seconds that it waited. Making the records does not count.</summary>
    public async Task<double> InsertAsync(int from, int to, int batch = Batch)
    {
        var clock = new Stopwatch();
        for (var at = from; at < to; at += batch)
        {
            VectorRecord[] records = [.. Enumerable.Range(at, Math.Min(batch, to - at)).Select(_set.Record)];
            clock.Start();
            await _collection.UpsertAsync(records);
            clock.Stop();
        }

        return clock.Elapsed.TotalSeconds;
    }

    /// <summary>The least number of candidates with which at least so many of the truly nearest are found, and the recall there.</summary>
    public (int Ef, double Recall) EfFor(double recall, int[] truth)
    {
        var (low, high) = (CollectionSet.K - 1, 1_600);
        while (high - low > 1)
        {
            var middle = (low + high) / 2;
            if (Recall(middle, truth) >= recall) high = middle;
            else low = middle;
        }

        return (high, Recall(high, truth));
    }

    /// <summary>Seconds of a search, one thread: the median of the fastest of some passes.</summary>
    public double SearchSeconds(CollectionQuery query, int queries)
    {
        var best = double.PositiveInfinity;
        for (var pass = 0; pass < 3; pass++)
        {
            var times = new double[queries];
            for (var q = 0; q < queries; q++)
            {
                var began = Stopwatch.GetTimestamp();
                _collection.Search(_set.Query(q).Span, query);
                times[q] = Stopwatch.GetElapsedTime(began).TotalSeconds;
            }

            Array.Sort(times);
            best = Math.Min(best, times[queries / 2]);
        }

        return best;
    }

    /// <summary>Closes the collection, so that another process can open it.</summary>
    public ValueTask CloseAsync() => _collection.DisposeAsync();

    /// <summary>Opens it again.</summary>
    public void Reopen() => _collection = Open();

    public async ValueTask DisposeAsync()
    {
        await _collection.DisposeAsync();
        Directory.Delete(_root, recursive: true);
    }

    private double Recall(int ef, int[] truth)
    {
        var found = 0;
        for (var q = 0; q < CollectionSet.Judged; q++)
        {
            var right = truth.AsSpan(q * CollectionSet.K, CollectionSet.K);
            foreach (var match in _collection.Search(_set.Query(q).Span, new CollectionQuery { Ef = ef, WithFields = false }))
            {
                if (right.Contains(int.Parse(match.Key.AsSpan(match.Key.IndexOf('-', StringComparison.Ordinal) + 1), CultureInfo.InvariantCulture))) found++;
            }
        }

        return found / (double)(CollectionSet.Judged * CollectionSet.K);
    }

    private VectorCollection Open() => VectorCollection.Open(Folder, Options(Codes, 1_100_000), TimeProvider.System, _files);

    private sealed class SyncCounter : FileSystem
    {
        private int _count;

        public int Count => Volatile.Read(ref _count);

        public override void Sync(SafeFileHandle file)
        {
            base.Sync(file);
            Interlocked.Increment(ref _count);
        }
    }
}
