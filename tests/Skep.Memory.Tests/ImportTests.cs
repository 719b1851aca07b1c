using System.Buffers.Binary;
using System.Text;
using Skep.Embeddings;

namespace Skep.Memory.Tests;

public sealed class ImportTests
{
    private static readonly EmbeddingModelId Clip = new("clip", 2, Normalised: false);

    [Fact]
    public async Task Lines_of_JSON_become_entries()
    {
        await using var hive = new Hive();
        var file = "\uFEFF{\"path\":\"a/1\",\"text\":\"honey\",\"tags\":[\"x\"],\"agent\":\"bee\",\"ttl\":10}\r\n\n{\"path\":\"a/2\",\"json\":{\"n\":1}}\n{\"path\":\"a/3\",\"base64\":\"AQI=\"}";
        var done = await Import(hive, file, ImportFormat.JsonLines, "in");
        Assert.Equal(new ImportResult(3, 3), done);
        var first = hive.Memory.Get("in/a/1")!;
        Assert.Equal(("honey", "bee", "x", hive.Now + 10_000), (first.Text, first.Author.Agent, first.Tags[0], first.ExpiresUnixMs));
        Assert.Equal(MemoryContentType.Json, hive.Memory.Get("in/a/2")!.ContentType);
        Assert.Equal([1, 2], hive.Memory.Get("in/a/3")!.Value!.Value.ToArray());
    }

    [Theory]
    [InlineData("{\"path\":\"a\",\"text\":\"x\"}\n{\"path\":\"b\"}", "line 2: the value is missing")]
    [InlineData("{\"path\":\"a\",\"text\":\"x\"}\n\n{oops", "line 3: it is not JSON")]
    [InlineData("{\"path\":\"a\",\"text\":\"x\",\"colour\":1}", "\"colour\" is not known")]
    [InlineData("{\"path\":\"a//b\",\"text\":\"x\"}", "entry 1: ")]
    [InlineData("{\"path\":\"a\",\"text\":\"x\",\"json\":1}", "more than one of")]
    [InlineData("[]", "not an object")]
    [InlineData("{\"path\":\"a\",\"text\":\"x\",\"vector\":[1]}", "what made its vector is not known")]
    [InlineData("{\"path\":\"a\",\"text\":\"x\",\"vector\":[1],\"model\":\"m:1:raw\"}", "own:NAME:DIMENSIONS")]
    [InlineData("{\"path\":1,\"text\":\"x\"}", "line 1: it is not JSON with members as expected")]
    public async Task A_bad_line_is_named_and_nothing_is_stored(string file, string message)
    {
        await using var hive = new Hive();
        var e = await Refused.By(() => Import(hive, file, ImportFormat.JsonLines), MemoryFault.BadFile);
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
        Assert.Contains("nothing was stored", e.Message, StringComparison.Ordinal);
        Assert.Empty(hive.Paths());
    }

    [Fact]
    public async Task Comma_separated_values_become_entries()
    {
        await using var hive = new Hive();
        await Import(hive, "path,Text,tags\r\na/1,\"honey, \"\"sweet\"\"\nand gold\",x; y\r\na/2,plain,\r\n", ImportFormat.Csv);
        Assert.Equal("honey, \"sweet\"\nand gold", hive.Text("a/1"));
        Assert.Equal(["x", "y"], hive.Memory.Get("a/1")!.Tags);
        Assert.Equal("plain", hive.Text("a/2"));
    }

    [Theory]
    [InlineData("", "there is no head")]
    [InlineData("path,colour", "column 'colour' is not known")]
    [InlineData("path", "one column 'text'")]
    [InlineData("path,text\na/1", "line 2: it has 1 cells")]
    [InlineData("path,text\na/1,\"x\n\ny", "line 2: a quote is not closed")]
    [InlineData("path,text\na/1,\"x\"y", "something after a closing quote")]
    [InlineData("path,text\na/1,x\na//2,y", "entry 2")]
    public async Task A_bad_row_is_named_and_nothing_is_stored(string file, string message)
    {
        await using var hive = new Hive();
        var e = await Refused.By(() => Import(hive, file, ImportFormat.Csv), MemoryFault.BadFile);
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
        Assert.Empty(hive.Paths());
    }

    [Theory]
    [InlineData(ImportFormat.Npy)]
    [InlineData(ImportFormat.Fvecs)]
    public async Task Files_of_vectors_become_entries_that_are_found_by_nearness(ImportFormat format)
    {
        await using var hive = new Hive();
        await using var search = hive.Search();
        await search.ReindexAsync("v", "own:clip:2");
        var done = await hive.Memory.ImportAsync(Vectors(format), new ImportOptions { Format = format, Into = "v", Model = Clip });
        Assert.Equal(3, done.Imported);
        var found = await search.FindAsync(new FindRequest { Vector = new float[] { 0, 1 }, Prefix = "v", K = 1 });
        Assert.Equal("v/00000002", Assert.Single(found.Entries).Entry.Path);
        foreach (var cut in new[] { 1, 9 })
        {
            var bytes = Vectors(format).ToArray();
            await Refused.By(() => hive.Memory.ImportAsync(new MemoryStream(bytes[..^cut]), new ImportOptions { Format = format, Into = "v", Model = Clip }), MemoryFault.BadFile);
        }

        await Refused.By(() => hive.Memory.ImportAsync(Vectors(format), new ImportOptions { Format = format, Into = "v" }), MemoryFault.BadFile);
        await Refused.By(() => hive.Memory.ImportAsync(Vectors(format), new ImportOptions { Format = format, Into = "v", Model = new EmbeddingModelId("clip", 3, false) }), MemoryFault.BadFile);
        await Refused.By(() => hive.Memory.ImportAsync(new MemoryStream(new byte[20]), new ImportOptions { Format = format, Into = "v", Model = Clip }), MemoryFault.BadFile);
    }

    [Fact]
    public async Task An_import_that_does_not_fit_says_what_is_stored()
    {
        await using var hive = new Hive(new MemoryLimits { MaxEntries = 1_500 });
        var file = string.Join('\n', Enumerable.Range(0, 2_500).Select(static i => $$"""{"path":"a/{{i}}","text":"x"}"""));
        var e = await Refused.By(() => Import(hive, file, ImportFormat.JsonLines), MemoryFault.Full);
        Assert.Contains("the first 1000 of 2500 entries are stored", e.Message, StringComparison.Ordinal);
        Assert.Equal(1_000, hive.Memory.Stats().Entries);
    }

    private static Task<ImportResult> Import(Hive hive, string file, ImportFormat format, string into = "") =>
        hive.Memory.ImportAsync(new MemoryStream(Encoding.UTF8.GetBytes(file)), new ImportOptions { Format = format, Into = into });

    private static MemoryStream Vectors(ImportFormat format)
    {
        var file = new MemoryStream();
        if (format == ImportFormat.Npy)
        {
            var head = "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), }".PadRight(117) + "\n";
            file.Write([0x93, .. "NUMPY"u8, 1, 0, (byte)head.Length, 0, .. Encoding.ASCII.GetBytes(head)]);
        }

        foreach (var row in new[] { new[] { 1f, 0f }, [1f, 1f], [0f, 1f] })
        {
            var bytes = new byte[4];
            BinaryPrimitives.WriteInt32LittleEndian(bytes, 2);
            if (format == ImportFormat.Fvecs) file.Write(bytes);
            foreach (var number in row)
            {
                BinaryPrimitives.WriteSingleLittleEndian(bytes, number);
                file.Write(bytes);
            }
        }

        file.Position = 0;
        return file;
    }
}
