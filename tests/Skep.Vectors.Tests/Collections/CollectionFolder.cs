using Skep.Vectors.Collections;
using Skep.Vectors.Filtering;

namespace Skep.Vectors.Tests.Collections;

/// <summary>A folder for a collection, and records that are the same everywhere.</summary>
internal sealed class CollectionFolder : IDisposable
{
    public const int Dimension = 16;

    private readonly string _root = Directory.CreateTempSubdirectory("skep-vectors-").FullName;

    public string Path => System.IO.Path.Combine(_root, "notes");

    public static CollectionOptions Options { get; } = new()
    {
        Index = new VectorIndexOptions { Dimension = Dimension, MaxRows = 100_000, GraphFrom = 200 },
        AutoCompact = false,
    };

    public string Other(string name) => System.IO.Path.Combine(_root, name);

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public string Segment => Directory.GetFiles(Path, "segment-*.skv").Single();

    public string LastLog => Directory.GetFiles(Path, "wal-*.log").OrderBy(f => f.Length).ThenBy(f => f, StringComparer.Ordinal).Last();

    public VectorCollection Open(CollectionOptions? options = null, FileSystem? files = null) => VectorCollection.Open(Path, options ?? Options, TimeProvider.System, files ?? FileSystem.Real);

    public void Dispose() => Directory.Delete(_root, recursive: true);

    /// <summary>A vector that depends on nothing but its number.</summary>
    public static float[] Vector(int seed)
    {
        var random = new Random(seed);
        var vector = new float[Dimension];
        for (var i = 0; i < vector.Length; i++) vector[i] = (float)(random.NextDouble() - 0.5);
        return vector;
    }

    public static VectorRecord Record(int number, int version = 0) => new(
        $"key-{number}",
        Vector((number * 1000) + version),
        new FieldValues { ["number"] = number, ["kind"] = number % 2 == 0 ? "even" : "odd", ["version"] = version });

    public static VectorRecord[] Records(int from, int count, int version = 0) => [.. Enumerable.Range(from, count).Select(i => Record(i, version))];

    /// <summary>Asserts that the collection holds exactly these versions of these records, and finds each of them.</summary>
    public static void RequireExactly(VectorCollection collection, IReadOnlyDictionary<int, int> versions)
    {
        Assert.Equal(versions.Count, collection.Count);
        foreach (var (number, version) in versions)
        {
            var expected = Record(number, version);
            var found = collection.Get(expected.Key);
            Assert.NotNull(found);
            Assert.Equal(expected.Fields, found.Fields);
            var nearest = collection.Search(expected.Vector.Span, new CollectionQuery { K = 1, Exact = true })[0];
            Assert.Equal(expected.Key, nearest.Key);
            Assert.InRange(nearest.Distance, -1e-5, 1e-5);
        }
    }

    public static Dictionary<int, int> Versions(int from, int count, int version = 0) => Enumerable.Range(from, count).ToDictionary(i => i, _ => version);

    /// <summary>Turns one bit.</summary>
    public static void Flip(string path, long at)
    {
        using var file = System.IO.File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
        Span<byte> one = stackalloc byte[1];
        RandomAccess.Read(file, one, at);
        one[0] ^= 0x10;
        RandomAccess.Write(file, one, at);
    }
}
