using Skep.Vectors.Memory;
using Skep.Vectors.Spaces;

namespace Skep.Vectors.Rows;

/// <summary>The codes of an index's rows. In full precision it is the rows themselves.</summary>
internal sealed unsafe class CodeStore : IDisposable
{
    private readonly Reservation? _codes, _parts;
    private readonly RowStore _rows;

    public CodeStore(RowCodec codec, RowStore rows)
    {
        (Codec, _rows) = (codec, rows);
        if (codec is FullCodec) return;
        _codes = new Reservation((long)rows.Most * codec.Stride);
        _parts = new Reservation((long)rows.Most * codec.PartCount * sizeof(float));
    }

    public RowCodec Codec { get; }

    public byte* Codes => _codes is null ? (byte*)_rows.First : _codes.Address;

    public float* Parts => _parts is null ? null : (float*)_parts.Address;

    public Reservation? CodeMemory => _codes;

    public Reservation? PartMemory => _parts;

    /// <summary>Bytes for so many rows.</summary>
    public static long BytesOf(RowCodec codec, int rows) => codec is FullCodec ? 0 : (long)rows * (codec.Stride + (codec.PartCount * sizeof(float)));

    /// <summary>Codes a row that is in place.</summary>
    public void Encode(int row)
    {
        if (_codes is not null) Codec.Encode(_rows.At(row), Codes + ((long)row * Codec.Stride), Parts + ((long)row * Codec.PartCount));
    }

    public TResult With<TUser, TResult>(TUser user)
        where TUser : struct, ISpaceUser<TResult> => Codec.With<TUser, TResult>(Codes, Parts, user);

    public void Dispose()
    {
        _codes?.Dispose();
        _parts?.Dispose();
    }
}
