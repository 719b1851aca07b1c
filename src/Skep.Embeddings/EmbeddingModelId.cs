using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Skep.Embeddings;

/// <summary>
/// What made a vector. It is stored with every vector, because distances between vectors of different models mean nothing, and nothing about the numbers would show it.
/// </summary>
/// <param name="Name">The model, with its version: <c>skep-hash-1</c>, <c>openai/text-embedding-3-small</c>. 1 to <see cref="MaxName"/> characters, no blanks or control characters.</param>
/// <param name="Dimension">Numbers in a vector, 1 to <see cref="MaxDimension"/>.</param>
/// <param name="Normalised">Whether every vector has length 1.</param>
public sealed record EmbeddingModelId(string Name, int Dimension, bool Normalised)
{
    /// <summary>Longest name, in characters.</summary>
    public const int MaxName = 200;

    /// <summary>Most dimensions.</summary>
    public const int MaxDimension = 65_536;

    private const string NormalisedMark = "unit";
    private const string RawMark = "raw";

    /// <summary>The model.</summary>
    public string Name { get; } = Checked(Name);

    /// <summary>Numbers in a vector.</summary>
    public int Dimension { get; } = Dimension is >= 1 and <= MaxDimension
        ? Dimension
        : throw new EmbeddingException(EmbeddingFault.BadArgument, $"model '{Name}': {Dimension} dimensions. A vector has 1 to {MaxDimension}");

    /// <summary>As it is stored: <c>NAME:DIMENSION:unit</c> or <c>NAME:DIMENSION:raw</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name}:{Dimension}:{(Normalised ? NormalisedMark : RawMark)}");

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out EmbeddingModelId? id)
    {
        id = null;
        var last = text?.LastIndexOf(':') ?? -1;
        var middle = last > 0 ? text!.LastIndexOf(':', last - 1) : -1;
        if (middle < 1 || text![(last + 1)..] is not (NormalisedMark or RawMark) || !IsName(text[..middle])) return false;
        if (!int.TryParse(text.AsSpan(middle + 1, last - middle - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var dimension)) return false;
        if (dimension is < 1 or > MaxDimension) return false;
        id = new(text[..middle], dimension, text[(last + 1)..] == NormalisedMark);
        return true;
    }

    /// <summary>Refuses vectors of another model, dimension or normalisation than this, which a collection holds.</summary>
    /// <param name="other">What made the vectors that are to be added to it or compared with it.</param>
    /// <param name="collection">The collection's name, for the message.</param>
    /// <exception cref="EmbeddingException"><see cref="EmbeddingFault.ModelMismatch"/>: they differ; the message says in what.</exception>
    public void RequireSame(EmbeddingModelId other, string collection)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (Equals(other)) return;
        throw new EmbeddingException(EmbeddingFault.ModelMismatch,
            $"'{collection}' holds vectors of {Describe()}; these are of {other.Describe()}. {Why(other)} Embed the text with {Name}, or embed the whole collection anew with {other.Name}");
    }

    private string Describe() => string.Create(CultureInfo.InvariantCulture, $"{Name} ({Dimension} dimensions, {(Normalised ? "normalised" : "not normalised")})");

    private string Why(EmbeddingModelId other) =>
        Name != other.Name ? "Distances between vectors of different models mean nothing."
        : Dimension != other.Dimension ? "Vectors of different lengths cannot be compared."
        : "Distances between normalised vectors and others are on different scales.";

    private static bool IsName(string? name) => name is { Length: >= 1 and <= MaxName } && !name.Any(c => char.IsWhiteSpace(c) || char.IsControl(c));

    private static string Checked(string name) => IsName(name)
        ? name
        : throw new EmbeddingException(EmbeddingFault.BadArgument, $"'{name}' is no name of an embedding model. It has 1 to {MaxName} characters, without blanks");
}
