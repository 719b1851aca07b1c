using System.Text;
using Skep.Embeddings;
using Skep.Embeddings.Hashing;
using Skep.Memory.Tables;
using Skep.Vectors.Collections;

namespace Skep.Memory.Finding;

/// <summary>An entry with the vector that its caller brought, if any.</summary>
internal readonly record struct EntryToIndex(MemoryEntry Entry, EntryVector? Own);

/// <summary>Makes records of entries: their vectors, by one model, and what filters can ask of them.</summary>
internal sealed class EntryEmbedding(EmbeddingModelId model, IEmbedder? embedder, EntrySchema schema)
{
    /// <summary>Characters of key and value that are embedded; a vector of more would be a blur.</summary>
    internal const int MaxText = 16_384;

    /// <summary>The records. Entries without words, binary ones and those with vectors of other models have none.</summary>
    internal async ValueTask<List<VectorRecord>> RecordsAsync(IReadOnlyList<EntryToIndex> entries, CancellationToken cancel)
    {
        var records = new List<VectorRecord>(entries.Count);
        var (texts, places) = (new List<string>(), new List<MemoryEntry>());
        foreach (var (entry, own) in entries)
        {
            if (own is not null)
            {
                if (own.Model == model) records.Add(Record(entry, own.Numbers));
            }
            else if (embedder is not null && TextOf(entry) is { } text)
            {
                texts.Add(text);
                places.Add(entry);
            }
        }

        var numbers = await EmbedAsync(texts, cancel);
        for (var i = 0; i < places.Count; i++)
        {
            var vector = numbers.AsMemory(i * model.Dimension, model.Dimension);
            if (vector.Span.ContainsAnyExcept(0f)) records.Add(Record(places[i], vector));
        }

        return records;
    }

    /// <summary>The vector of a text that is searched by; null when there is nothing in it to embed.</summary>
    internal static async ValueTask<float[]?> QueryAsync(IEmbedder embedder, string text, CancellationToken cancel)
    {
        if (!HasWords(text)) return null;
        var vector = await embedder.EmbedAsync(text, cancel);
        return vector.AsSpan().ContainsAnyExcept(0f) ? vector : null;
    }

    private async ValueTask<float[]> EmbedAsync(List<string> texts, CancellationToken cancel)
    {
        if (texts.Count == 0) return [];
        var numbers = new float[texts.Count * model.Dimension];
        if (embedder is HashEmbedder hash)
        {
            // What has no word gives zeros here, and is left out.
            Parallel.For(0, texts.Count, new ParallelOptions { CancellationToken = cancel }, i => _ = hash.TryEmbed(texts[i], numbers.AsSpan(i * model.Dimension, model.Dimension)));
            return numbers;
        }

        await embedder!.EmbedAsync(texts, numbers, cancel);
        return numbers;
    }

    private VectorRecord Record(MemoryEntry entry, ReadOnlyMemory<float> vector) => new(entry.Path, vector, schema.Of(entry));

    private static string? TextOf(MemoryEntry entry)
    {
        if (entry.ContentType == MemoryContentType.Binary || entry.Value is not { } value) return null;
        var text = $"{entry.Path[(entry.Path.LastIndexOf('/') + 1)..]}\n{TextTable.TextOf(entry.ContentType, value.Span)}";
        if (text.Length > MaxText) text = text[..(char.IsHighSurrogate(text[MaxText - 1]) ? MaxText - 1 : MaxText)];
        return HasWords(text) ? text : null;
    }

    private static bool HasWords(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsLetterOrDigit(rune)) return true;
        }

        return false;
    }
}
