using Skep.Vectors.Graph;
using Skep.Vectors.Rows;
using Skep.Vectors.Spaces;

namespace Skep.Vectors;

/// <content>Moving rows into the graph.</content>
public sealed unsafe partial class VectorIndex
{
    /// <summary>Rows that are linked between two looks at cancellation, and before readers meet them in the graph.</summary>
    private const int LinkedAtOnce = 1_024;

    /// <summary>Moves the rows that were appended so far into the graph, if there are enough for one. Searches and inserts go on meanwhile.</summary>
    /// <param name="threads">How many threads work on it; 0 for one per processor.</param>
    /// <param name="progress">Told how many rows are linked.</param>
    /// <param name="cancel">Stops between two batches; what is linked stays linked.</param>
    public void Link(int threads = 0, IProgress<int>? progress = null, CancellationToken cancel = default)
    {
        lock (_linking)
        {
            using var use = Use();
            var to = _rows.Count;
            if (to < Options.GraphFrom) return;
            var codes = _codes ?? Calibrate(threads);
            using var linking = CodesToLinkBy(codes, to, threads);
            while (_linked < to)
            {
                cancel.ThrowIfCancellationRequested();
                var next = Math.Min(to, _linked + LinkedAtOnce);
                linking.Codes.With<LinkUser, int>(new LinkUser(this, linking.Codes.Codec, _linked, next, threads));
                Volatile.Write(ref _linked, next);
                progress?.Report(next);
            }
        }
    }

    /// <summary>Makes the codec from the rows that are there, and codes them.</summary>
    private CodeStore Calibrate(int threads)
    {
        var codes = new CodeStore(RowCodecs.Calibrate(Options, Sample(RowCodecs.SampleOf(Options)), threads), _rows);
        var done = _rows.Count;
        Parallel.For(0, done, At(threads), codes.Encode);
        lock (_appending)
        {
            for (; done < _rows.Count; done++) codes.Encode(done);
            Volatile.Write(ref _codes, codes);
        }

        return codes;
    }

    /// <summary>Numbers of rows that lie evenly among all.</summary>
    private float[] Sample(int size)
    {
        var count = _rows.Count;
        var taken = Math.Clamp(size / Options.Dimension, 1, count);
        var sample = new float[taken * Options.Dimension];
        for (var i = 0; i < taken; i++)
        {
            var row = (int)((long)i * count / taken);
            new ReadOnlySpan<float>(_rows.At(row), Options.Dimension).CopyTo(sample.AsSpan(i * Options.Dimension));
        }

        return sample;
    }

    private static ParallelOptions At(int threads) => new() { MaxDegreeOfParallelism = threads > 0 ? threads : Environment.ProcessorCount };

    private readonly struct LinkUser(VectorIndex index, RowCodec codec, int from, int to, int threads) : ISpaceUser<int>
    {
        public int Use<TSpace>(TSpace space)
            where TSpace : struct, IGraphSpace
        {
            var (owner, first, end, rows) = (index, from, to, codec);
            var next = first - 1;
            Parallel.For(0, Math.Min(At(threads).MaxDegreeOfParallelism, end - first), At(threads), _ =>
            {
                var scratch = SearchScratch.Rent();
                for (var row = Interlocked.Increment(ref next); row < end; row = Interlocked.Increment(ref next)) owner.LinkRow(space, rows, row, end, scratch);
                SearchScratch.Return(scratch);
            });
            return end;
        }
    }

    private void LinkRow<TSpace>(TSpace space, RowCodec codec, int row, int end, SearchScratch scratch)
        where TSpace : struct, IGraphSpace
    {
        // A row that was deleted before it was linked is never looked for, and nobody needs the way through it.
        if (_rows.IsDeleted(row)) return;
        var prepared = scratch.Query(codec.QueryBytes);
        codec.Prepare(_rows.At(row), prepared);
        HnswInsert.Insert(_links, space, prepared, row, Options.Graph, end, scratch);
    }
}
