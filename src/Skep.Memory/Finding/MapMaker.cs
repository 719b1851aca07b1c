using System.Runtime.InteropServices;
using System.Text;
using Skep.Embeddings;
using Skep.Memory.Tables;
using Skep.Numerics;
using Skep.Vectors.Collections;

namespace Skep.Memory.Finding;

/// <summary>Draws the vectors of a prefix on a plane, by their two principal components.</summary>
internal sealed class MapMaker(MemoryStore memory, VectorIndexes vectors, MemoryPrefix prefix, int most)
{
    private const int Batch = 1_000;

    internal MemoryMap Make()
    {
        var indexes = vectors.Models.Within(prefix).Select(static m => m.Key).Distinct().Select(vectors.Of).OfType<ModelIndex>();
        var choices = indexes.GroupBy(static i => i.Key.Model).Select(Choose).Where(static c => c.Total > 0).OrderByDescending(static c => c.Total).ToList();
        if (choices.Count == 0) throw new MemoryException(MemoryFault.InvalidRequest, prefix.Text.Length == 0 ? "no entry has a vector yet: entries with words get one when they are stored" : $"no entry under '{prefix.Text}' has a vector");
        var best = choices[0];
        var points = Points(best, out var axes);
        string[] notes = choices.Count == 1 ? [] : [$"only vectors of {best.Model} are shown: {string.Join(", ", choices.Skip(1).Select(static c => $"{c.Model} has {c.Total} more"))}, and vectors of different models have no place in common"];
        return new MemoryMap(best.Model.ToString(), best.Total, points, axes.Shares[0], axes.Shares[1], notes);
    }

    /// <summary>Those whose names have the smallest hashes: as good as drawn by lot, and the same each time.</summary>
    private Choice Choose(IGrouping<EmbeddingModelId, ModelIndex> indexes)
    {
        var (kept, total) = (new PriorityQueue<(string Path, VectorCollection Collection), (ulong Hash, string Path)>(Comparer<(ulong Hash, string Path)>.Create(static (a, b) => Compare(b, a))), 0L);
        foreach (var collection in indexes.Select(static i => i.Collection))
        {
            for (var next = 0; next >= 0;)
            {
                (var keys, next) = collection.Keys(next, Batch);
                foreach (var key in keys.Where(prefix.Contains))
                {
                    total++;
                    kept.Enqueue((key, collection), (Hash(key), key));
                    if (kept.Count > most) kept.Dequeue();
                }
            }
        }

        return new Choice(indexes.Key, total, [.. kept.UnorderedItems.Select(static i => i.Element).DistinctBy(static e => e.Path, StringComparer.Ordinal).OrderBy(static e => e.Path, StringComparer.Ordinal)]);
    }

    private static int Compare((ulong Hash, string Path) a, (ulong Hash, string Path) b) => a.Hash != b.Hash ? a.Hash.CompareTo(b.Hash) : string.CompareOrdinal(a.Path, b.Path);

    private List<MapPoint> Points(Choice choice, out PrincipalComponents axes)
    {
        var (paths, rows) = (new List<string>(choice.Entries.Count), new List<float>(choice.Entries.Count * choice.Model.Dimension));
        foreach (var (path, collection) in Alive(choice.Entries))
        {
            if (collection.Get(path) is not { } record) continue;
            paths.Add(path);
            rows.AddRange(record.Vector.Span);
        }

        if (paths.Count == 0) throw new MemoryException(MemoryFault.InvalidRequest, $"the entries under '{prefix.Text}' have just expired");
        var numbers = CollectionsMarshal.AsSpan(rows);
        var dimension = choice.Model.Dimension;
        axes = PrincipalComponents.Of(numbers, dimension, 2);
        var (points, place) = (new List<MapPoint>(paths.Count), new float[2]);
        for (var i = 0; i < paths.Count; i++)
        {
            axes.Project(numbers.Slice(i * dimension, dimension), place);
            points.Add(new MapPoint(paths[i], place[0], place[1]));
        }

        return points;
    }

    private List<(string Path, VectorCollection Collection)> Alive(IReadOnlyList<(string Path, VectorCollection Collection)> entries) =>
        memory.Query(sql => entries.Where(e => EntryHead.Find(sql, e.Path) is { } head && !EntryRow.IsExpired(head.Expires, memory.Clock)).ToList(), []);

    /// <summary>FNV-1a.</summary>
    private static ulong Hash(string path)
    {
        var hash = 14695981039346656037UL;
        foreach (var b in Encoding.UTF8.GetBytes(path)) hash = (hash ^ b) * 1099511628211UL;
        return hash;
    }

    /// <summary>Entries with vectors of one model, which may lie in several indexes.</summary>
    private sealed record Choice(EmbeddingModelId Model, long Total, IReadOnlyList<(string Path, VectorCollection Collection)> Entries);
}
