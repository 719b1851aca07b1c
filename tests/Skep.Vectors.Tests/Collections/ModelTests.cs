using Skep.Vectors.Collections;

namespace Skep.Vectors.Tests.Collections;

/// <summary>Random work compared with a dictionary.</summary>
public sealed class ModelTests : IDisposable
{
    private readonly CollectionFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task After_any_work_the_collection_holds_what_a_dictionary_would(int seed)
    {
        var random = new Random(seed);
        var model = new Dictionary<int, int>();
        var notes = _folder.Open();
        for (var step = 0; step < 60; step++)
        {
            switch (random.Next(10))
            {
                case < 5:
                    var (from, count) = (random.Next(400), random.Next(1, 200));
                    await notes.UpsertAsync(CollectionFolder.Records(from, count, step));
                    for (var i = from; i < from + count; i++) model[i] = step;
                    break;
                case < 7:
                    var gone = Enumerable.Range(random.Next(500), random.Next(1, 100)).ToList();
                    Assert.Equal(gone.Count(model.Remove), await notes.DeleteAsync([.. gone.Select(i => $"key-{i}")]));
                    break;
                case 7:
                    await notes.CompactAsync();
                    break;
                case 8:
                    await notes.LinkAsync();
                    break;
                default:
                    await notes.DisposeAsync();
                    notes = _folder.Open();
                    break;
            }

            Assert.Equal(model.Count, notes.Count);
        }

        CollectionFolder.RequireExactly(notes, model);
        await notes.DisposeAsync();
        await using var again = _folder.Open(CollectionFolder.Options with { VerifyOnOpen = true });
        CollectionFolder.RequireExactly(again, model);
    }

    [Fact]
    public void Keys_are_found_through_collisions_and_growth()
    {
        using var keys = new KeyStore(20_000, seed: 5);
        for (var row = 0; row < 20_000; row++)
        {
            keys.Place(row, System.Text.Encoding.UTF8.GetBytes($"k{row % 10_000}"));
            Assert.Equal(row < 10_000 ? -1 : row - 10_000, keys.Point(row));
        }

        for (var i = 0; i < 10_000; i++) Assert.Equal(i + 10_000, keys.Find(System.Text.Encoding.UTF8.GetBytes($"k{i}")));
        Assert.Equal(-1, keys.Find("k10000"u8));
        Assert.Equal("k7", keys.Text(10_007));
        Assert.InRange(keys.Slots.Used, 10_000, 10_000);
    }
}
