using Skep.Vectors.Rows;
using Skep.Vectors.Spaces;

namespace Skep.Vectors;

/// <content>Links are chosen by distances that are good enough for it, whatever the codes that are walked afterwards.</content>
public sealed unsafe partial class VectorIndex
{
    /// <summary>Coding all rows anew pays if at least one in so many is to be linked.</summary>
    private const int WorthCoding = 16;

    /// <summary>
    /// Codes whose distances between rows serve to choose links: the index's own where they do, 7-bit codes that are held only meanwhile where many rows are to be linked
    /// and the memory limit has room for them, and else the rows themselves.
    /// </summary>
    private LinkingCodes CodesToLinkBy(CodeStore codes, int to, int threads)
    {
        if (codes.Codec.LinksItself) return new LinkingCodes(codes, isOwn: true);
        if ((to - _linked) * (long)WorthCoding < to) return new LinkingCodes(new CodeStore(new FullCodec(Options.Metric, Options.Dimension), _rows), isOwn: false);
        var finer = ScalarCodec.Calibrate(Options.Metric, Options.Dimension, Sample(RowCodecs.ScalarSample));
        if (BytesOf(to) + CodeStore.BytesOf(finer, to) > Options.MemoryLimit) return new LinkingCodes(new CodeStore(new FullCodec(Options.Metric, Options.Dimension), _rows), isOwn: false);
        var made = new CodeStore(finer, _rows);
        Parallel.For(0, to, At(threads), made.Encode);
        return new LinkingCodes(made, isOwn: false);
    }

    private readonly struct LinkingCodes(CodeStore codes, bool isOwn) : IDisposable
    {
        public CodeStore Codes => codes;

        public void Dispose()
        {
            if (!isOwn) codes.Dispose();
        }
    }
}
