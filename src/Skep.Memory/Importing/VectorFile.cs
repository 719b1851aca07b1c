using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using Skep.Embeddings;

namespace Skep.Memory.Importing;

/// <summary>Reads files of vectors: each becomes an entry that is named by its number, from 0, and has it as its value.</summary>
internal static partial class VectorFile
{
    private const int MaxHead = 64 * 1024;

    /// <summary>NumPy's format, versions 1 to 3: little-endian 32-bit floats, two dimensions, rows one after the other.</summary>
    internal static IEnumerable<StoreRequest> Npy(Stream file, EmbeddingModelId? model)
    {
        var (rows, dimension) = NpyHead(file);
        RequireModel(model, dimension);
        var bytes = new byte[dimension * sizeof(float)];
        for (var row = 0L; row < rows; row++)
        {
            if (file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length) throw ImportFaults.At($"row {row}", $"the file ends early: its head says {rows} rows");
            yield return Entry(row, bytes, model!);
        }

        if (file.ReadByte() >= 0) throw ImportFaults.At($"row {rows}", $"there is something after the {rows} rows that the head says");
    }

    /// <summary>Each vector after its dimension, both little-endian.</summary>
    internal static IEnumerable<StoreRequest> Fvecs(Stream file, EmbeddingModelId? model)
    {
        var head = new byte[sizeof(int)];
        byte[]? bytes = null;
        for (var row = 0L; ; row++)
        {
            var read = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
            if (read == 0) yield break;
            var dimension = read < head.Length ? -1 : BinaryPrimitives.ReadInt32LittleEndian(head);
            if (dimension < 1 || dimension > EmbeddingModelId.MaxDimension || (bytes is not null && bytes.Length != dimension * sizeof(float)))
                throw ImportFaults.At($"vector {row}", read < head.Length ? "the file ends early" : $"{dimension} is not its dimension{(bytes is null ? "" : $"; that of those before is {bytes.Length / sizeof(float)}")}");
            RequireModel(model, dimension);
            bytes ??= new byte[dimension * sizeof(float)];
            if (file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length) throw ImportFaults.At($"vector {row}", "the file ends early");
            yield return Entry(row, bytes, model!);
        }
    }

    private static (long Rows, int Dimension) NpyHead(Stream file)
    {
        Span<byte> start = stackalloc byte[12];
        if (file.ReadAtLeast(start[..8], 8, throwOnEndOfStream: false) < 8 || start[0] != 0x93 || !start[1..6].SequenceEqual("NUMPY"u8)) throw ImportFaults.At("byte 0", "it is not a file of NumPy");
        var wide = start[6] >= 2 ? sizeof(int) : sizeof(short);
        if (file.ReadAtLeast(start[8..(8 + wide)], wide, throwOnEndOfStream: false) < wide) throw ImportFaults.At("byte 8", "the file ends early");
        var length = wide == sizeof(int) ? BinaryPrimitives.ReadInt32LittleEndian(start[8..]) : BinaryPrimitives.ReadUInt16LittleEndian(start[8..]);
        if (length is < 1 or > MaxHead) throw ImportFaults.At("byte 8", $"a head of {length} bytes is not possible");
        var head = new byte[length];
        if (file.ReadAtLeast(head, length, throwOnEndOfStream: false) < length) throw ImportFaults.At("byte 10", "the file ends early");
        return Shape(Encoding.Latin1.GetString(head));
    }

    private static (long Rows, int Dimension) Shape(string head)
    {
        if (!head.Contains("'<f4'", StringComparison.Ordinal)) throw ImportFaults.At("the head", "only little-endian 32-bit floats ('<f4') are read; convert it with astype('<f4')");
        if (!head.Replace(" ", "", StringComparison.Ordinal).Contains("'fortran_order':False", StringComparison.Ordinal)) throw ImportFaults.At("the head", "columns one after the other are not read; save it with numpy.ascontiguousarray");
        var match = ShapePattern().Match(head);
        if (!match.Success || !long.TryParse(match.Groups["rows"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var rows) || !int.TryParse(match.Groups["dim"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var dimension) || dimension is < 1 or > EmbeddingModelId.MaxDimension)
            throw ImportFaults.At("the head", "its shape is not (rows, dimensions)");
        return (rows, dimension);
    }

    [GeneratedRegex(@"'shape':\s*\((?<rows>\d{1,18}),\s*(?<dim>\d{1,9})\)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex ShapePattern();

    private static void RequireModel(EmbeddingModelId? model, int dimension)
    {
        if (model is null) throw ImportFaults.At("the vectors", "what made them is not known: name the model");
        if (model.Dimension != dimension) throw ImportFaults.At("the vectors", $"they have {dimension} dimensions, and {model} has {model.Dimension}");
    }

    private static StoreRequest Entry(long row, byte[] bytes, EmbeddingModelId model)
    {
        var name = row.ToString("D8", CultureInfo.InvariantCulture);
        return new StoreRequest(name, Encoding.UTF8.GetBytes(name)) { Vector = new EntryVector(model, MemoryMarshal.Cast<byte, float>(bytes).ToArray()) };
    }
}
