using Skep.Vectors.Graph;

namespace Skep.Vectors.Spaces;

/// <summary>Something that is done with the distances of rows, compiled once for each kind of them.</summary>
internal interface ISpaceUser<out TResult>
{
    TResult Use<TSpace>(TSpace space)
        where TSpace : struct, IGraphSpace;
}

/// <summary>
/// How rows stand in the memory that is walked: in full or as codes of fewer bits. Immutable and thread-safe once made. A row is <see cref="Stride"/> bytes
/// of codes and <see cref="PartCount"/> numbers of its own beside them.
/// </summary>
internal abstract unsafe class RowCodec(VectorMetric metric, int dimension)
{
    public VectorMetric Metric => metric;

    public int Dimension => dimension;

    /// <summary>Which codes these are.</summary>
    public abstract VectorCodes Codes { get; }

    /// <summary>Bytes of a row, aligned as its kernel wants it.</summary>
    public abstract int Stride { get; }

    /// <summary>Numbers beside a row.</summary>
    public abstract int PartCount { get; }

    /// <summary>Bytes of a prepared query.</summary>
    public abstract int QueryBytes { get; }

    /// <summary>Whether distances between rows are good enough to choose links by. If not, links are chosen by finer codes, which are held meanwhile, or by full rows.</summary>
    public virtual bool LinksItself => true;

    /// <summary>Whether the codec knows how far its distances may be off: see <see cref="Margin"/>.</summary>
    public virtual bool IsBounded => false;

    /// <summary>How many candidates are compared in full precision so that the nearest k are among them.</summary>
    public abstract int RerankOf(int k, int ef);

    /// <summary>Codes a row of <see cref="Dimension"/> numbers (normalised, under cosine).</summary>
    public abstract void Encode(float* vector, byte* row, float* parts);

    /// <summary>Prepares a query of <see cref="Dimension"/> numbers (normalised, under cosine).</summary>
    public abstract void Prepare(float* vector, byte* query);

    /// <summary>How far a row's true distance may lie below the one by codes, in all but a few of a hundred cases.</summary>
    public virtual float Margin(byte* query, byte* row, float* parts) => 0;

    /// <summary>What this codec was calibrated to, as bytes.</summary>
    public abstract byte[] Write();

    /// <summary>Hands the distances of coded rows to somebody.</summary>
    public abstract TResult With<TUser, TResult>(byte* codes, float* parts, TUser user)
        where TUser : struct, ISpaceUser<TResult>;
}
