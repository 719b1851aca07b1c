using Skep.Embeddings;

namespace Skep.Memory;

/// <summary>What a file with entries is.</summary>
public enum ImportFormat
{
    /// <summary>An object on each line: <c>path</c>, and <c>text</c>, <c>json</c> or <c>base64</c>; <c>tags</c>, <c>agent</c>, <c>task</c>, <c>run</c>, <c>ttl</c> (seconds), <c>vector</c> with <c>model</c>.</summary>
    JsonLines,

    /// <summary>Comma-separated values with a head: <c>path</c> and <c>text</c>; <c>type</c>, <c>tags</c> (with ';' between), <c>agent</c>, <c>task</c>, <c>run</c>.</summary>
    Csv,

    /// <summary>NumPy's format: a matrix of 32-bit floats, a vector a row.</summary>
    Npy,

    /// <summary>Vectors of 32-bit floats, each after its dimension.</summary>
    Fvecs,
}

/// <summary>How a file is imported.</summary>
public sealed record ImportOptions
{
    /// <summary>What the file is.</summary>
    public required ImportFormat Format { get; init; }

    /// <summary>A namespace to put the entries under; empty to take paths as they are.</summary>
    public string Into { get; init; } = "";

    /// <summary>What made the vectors of the file; needed for files of vectors, and for lines with a vector that do not name it.</summary>
    public EmbeddingModelId? Model { get; init; }

    /// <summary>The format of a file by the end of its name; null for another.</summary>
    public static ImportFormat? FormatOf(string file)
    {
        ArgumentNullException.ThrowIfNull(file);
        return Path.GetExtension(file).ToLowerInvariant() switch
        {
            ".jsonl" or ".ndjson" => ImportFormat.JsonLines,
            ".csv" => ImportFormat.Csv,
            ".npy" => ImportFormat.Npy,
            ".fvecs" => ImportFormat.Fvecs,
            _ => null,
        };
    }
}

/// <summary>What an import has done.</summary>
/// <param name="Imported">Entries that were stored.</param>
/// <param name="Revision">The memory's revision afterwards.</param>
public readonly record struct ImportResult(long Imported, long Revision);
