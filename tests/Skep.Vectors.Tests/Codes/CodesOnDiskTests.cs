using Skep.Vectors.Collections;
using Skep.Vectors.Tests.Collections;

namespace Skep.Vectors.Tests.Codes;

public sealed class CodesOnDiskTests : IDisposable
{
    private readonly CollectionFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(VectorCodes.Full)]
    [InlineData(VectorCodes.Bits7)]
    [InlineData(VectorCodes.Bits4)]
    [InlineData(VectorCodes.Bit1)]
    [InlineData(VectorCodes.Product)]
    public async Task A_compacted_collection_that_is_opened_again_has_its_codes_and_its_graph(VectorCodes codes)
    {
        var options = CollectionFolder.Options with { Index = CollectionFolder.Options.Index with { Codes = codes } };
        VectorMatch[] before;
        await using (var notes = _folder.Open(options))
        {
            await notes.UpsertAsync(CollectionFolder.Records(0, 600));
            await notes.CompactAsync();
            before = [.. notes.Search(CollectionFolder.Vector(7), new CollectionQuery { K = 10 })];
        }

        await using var again = _folder.Open(options);
        Assert.Equal((0, 0, 600), (again.Opening.Rebuilt.Count, again.Opening.Lost.Count, again.Stats.Linked));
        Assert.Equal(before.Select(m => (m.Key, m.Distance)), again.Search(CollectionFolder.Vector(7), new CollectionQuery { K = 10 }).Select(m => (m.Key, m.Distance)));
        await again.UpsertAsync(CollectionFolder.Records(600, 100));
        CollectionFolder.RequireExactly(again, CollectionFolder.Versions(0, 700));
    }
}
