using System.Globalization;

namespace Skep.Memory.Tests;

public sealed class ConcurrencyTests
{
    private const int Writers = 16;
    private const int Increments = 40;

    [Fact]
    public async Task Compare_and_set_under_16_writers_loses_no_increment()
    {
        await using var hive = new Hive();
        await hive.Put("count/shared", "0");
        var attempts = await Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => Task.Run(() => Count(hive))));
        Assert.Equal($"{Writers * Increments}", hive.Text("count/shared"));
        Assert.Equal(1 + (Writers * Increments), hive.Memory.Get("count/shared")!.Version);
        Assert.True(attempts.Sum() > Writers * Increments, "the writers never met, so this shows nothing");
    }

    [Fact]
    public async Task Concurrent_writers_share_their_syncs()
    {
        await using var hive = new Hive();
        var before = hive.Store.Statistics.Commits;
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(w => Task.Run(async () =>
        {
            for (var i = 0; i < Increments; i++) await hive.Put($"w/{w}/{i}", "x");
        })));
        Assert.Equal(Writers * Increments, hive.Memory.Stats().Entries);
        Assert.InRange(hive.Store.Statistics.Commits - before, 1, (Writers * Increments) - 1);
    }

    private static async Task<int> Count(Hive hive)
    {
        var (done, attempts) = (0, 0);
        while (done < Increments)
        {
            attempts++;
            var entry = hive.Memory.Get("count/shared")!;
            var next = int.Parse(entry.Text, CultureInfo.InvariantCulture) + 1;
            if ((await hive.Put("count/shared", $"{next}", expected: entry.Version)).Applied) done++;
        }

        return attempts;
    }
}
