using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Skep.Bench.Retrieval;
using Skep.Memory;

namespace Skep.Bench.Searching;

/// <summary>
/// Entries and questions made of this repository's own documentation and source, so that words are as frequent as in real text. The same files give the same
/// entries: each is two stretches of lines, with tags and two fields.
/// </summary>
internal sealed class SearchCorpus
{
    /// <summary>Characters of each of the two stretches.</summary>
    private const int Stretch = 150;

    private const int ShortestLine = 12;
    private static readonly string[] Folders = ["docs", "src", "tests", "bench"];
    private static readonly string[] Ends = [".md", ".cs"];
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly List<string> _lines = [];

    /// <summary>Reads the repository that the bench lies in, or another folder.</summary>
    /// <param name="root">A folder with docs and src; null to look for it upwards from here.</param>
    public SearchCorpus(string? root)
    {
        root ??= RootAbove(Directory.GetCurrentDirectory()) ?? RootAbove(AppContext.BaseDirectory) ?? throw new InvalidOperationException("the repository was not found: run skep-bench within it, or give --corpus=FOLDER with its docs and src");
        foreach (var file in Folders.Select(f => Path.Combine(root, f)).Where(Directory.Exists).SelectMany(FilesOf)) _lines.AddRange(File.ReadLines(file).Select(static l => l.Trim()).Where(static l => l.Length >= ShortestLine));
        if (_lines.Count < 1_000) throw new InvalidOperationException($"'{root}' has {_lines.Count} lines of text: too few to make entries of");
    }

    /// <summary>Lines that entries are made of.</summary>
    public int Lines => _lines.Count;

    /// <summary>Where an entry lies.</summary>
    public static string PathOf(int entry) => $"corpus/part-{entry % 50}/entry-{entry:000000}";

    /// <summary>An entry: text, and the fields <c>part</c> and <c>weight</c>, the latter 0 to 999 evenly; one tag of a hundred.</summary>
    public StoreRequest Entry(int entry)
    {
        var random = new Random(entry);
        var text = new StringBuilder();
        for (var stretch = 0; stretch < 2; stretch++)
        {
            var (line, end) = (random.Next(_lines.Count), text.Length + Stretch);
            while (text.Length < end) text.Append(_lines[line++ % _lines.Count]).Append('\n');
        }

        return new StoreRequest(PathOf(entry), Json(text.ToString(), random)) { ContentType = MemoryContentType.Json, Tags = [$"t{random.Next(100):00}"] };
    }

    /// <summary>Three to six words that stand together somewhere in the text, frequent words included.</summary>
    public string Question(int question)
    {
        for (var random = new Random(-1 - question); ;)
        {
            var words = _lines[random.Next(_lines.Count)].Split([' ', '(', ')', ',', ';', '.', '"', '<', '>', '{', '}', '|', '/'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Where(static w => w.Any(char.IsAsciiLetter)).ToList();
            var count = random.Next(3, 7);
            if (words.Count < count) continue;
            var from = random.Next(words.Count - count + 1);
            return string.Join(' ', words.GetRange(from, count));
        }
    }

    /// <summary>Questions that people wrote about the documentation.</summary>
    public static IReadOnlyList<string> ByHand() => [.. RetrievalSet.ByHand("test").Questions.Concat(RetrievalSet.ByHand("dev").Questions).Select(static q => q.Text)];

    private static byte[] Json(string text, Random random)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Plain))
        {
            json.WriteStartObject();
            json.WriteString("text", text);
            json.WriteString("part", Folders[random.Next(Folders.Length)]);
            json.WriteNumber("weight", random.Next(1_000));
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static IEnumerable<string> FilesOf(string folder)
    {
        var (bin, obj) = ($"{Path.DirectorySeparatorChar}bin{Path.DirectorySeparatorChar}", $"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}");
        return Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(f => Ends.Contains(Path.GetExtension(f)) && !f.Contains(bin, StringComparison.Ordinal) && !f.Contains(obj, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);
    }

    private static string? RootAbove(string? folder)
    {
        for (; folder is not null; folder = Path.GetDirectoryName(folder))
            if (File.Exists(Path.Combine(folder, "Skep.slnx"))) return folder;
        return null;
    }
}
