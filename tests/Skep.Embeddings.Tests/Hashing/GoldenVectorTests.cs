using System.Globalization;
using System.Security.Cryptography;
using Skep.Embeddings.Hashing;

namespace Skep.Embeddings.Tests.Hashing;

/// <summary>Vectors to the last bit. A change here makes every stored vector worthless: it needs another <see cref="HashEmbedder.ModelName"/>.</summary>
public sealed class GoldenVectorTests
{
    private static readonly string File = Path.Combine(AppContext.BaseDirectory, "Hashing", "golden", "vectors.txt");

    private static readonly string[] Texts =
    [
        "a",
        "The quick brown fox jumps over the lazy dog.",
        "the the the the the",
        "readFileAsync(path, cancel)",
        "Größe, straße und Ærø",
        "Ὀδυσσεύς и Ёлка",
        "日本語のテキスト",
        "🐝 → 🍯",
        "https://example.org/a/b?c=d&e=f",
        "e\u0301cole école ECOLE",
        "measures measured measuring",
        string.Concat(Enumerable.Range(0, 50_000).Select(i => $"word{i % 40_000} ")),
        new string('x', 10_000),
    ];

    public static TheoryData<int, int> Cases()
    {
        var cases = new TheoryData<int, int>();
        for (var i = 0; i < Texts.Length; i++)
        {
            foreach (var dimension in new[] { 128, 384, 1024 }) cases.Add(i, dimension);
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_vector_is_the_same_to_the_last_bit_as_when_the_model_got_its_name(int text, int dimension)
    {
        if (Environment.GetEnvironmentVariable("SKEP_UPDATE_GOLDEN") == "1") Update();
        var line = System.IO.File.ReadLines(File).Single(l => l.StartsWith($"{text} {dimension} ", StringComparison.Ordinal));
        Assert.Equal(line, Line(text, dimension));
    }

    // The first numbers for people, a hash of all bits for certainty.
    private static string Line(int text, int dimension)
    {
        var vector = new float[dimension];
        new HashEmbedder(dimension).Embed(Texts[text], vector);
        var bytes = new byte[dimension * 4];
        for (var i = 0; i < dimension; i++) System.Buffers.Binary.BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * 4), vector[i] == 0 ? 0 : vector[i]);
        var first = vector.Take(4).Select(v => v.ToString("R", CultureInfo.InvariantCulture));
        return $"{text} {dimension} {string.Join(' ', first)} {Convert.ToHexStringLower(SHA256.HashData(bytes))}";
    }

    private static void Update()
    {
        var lines = Cases().Select(c => Line((int)c[0], (int)c[1])).ToList();
        var source = Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "Hashing", "golden", "vectors.txt");
        Directory.CreateDirectory(Path.GetDirectoryName(source)!);
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        System.IO.File.WriteAllLines(source, lines);
        System.IO.File.WriteAllLines(File, lines);
    }
}
