namespace Skep.Memory.Tests;

public sealed class ExpiryTests
{
    [Fact]
    public async Task An_expired_entry_is_absent_everywhere_from_the_very_millisecond_on()
    {
        await using var hive = new Hive(Unswept);
        await hive.Put("a/other", "x", ttlMs: 1);
        hive.Pass(1);
        await hive.Memory.Sweeping; // From now on the sweeper pauses, and what follows is not swept.
        await hive.Put("a/k", "x", ttlMs: 1_000);
        hive.Pass(999);
        Assert.Equal("x", hive.Text("a/k"));
        Assert.False((await hive.Put("a/k", "y", expected: 0)).Applied);
        hive.Pass(1);
        Assert.Null(hive.Memory.Get("a/k"));
        Assert.Empty(hive.Paths());
        Assert.Empty(hive.Memory.Search(new SearchRequest { Glob = "k" }).Entries);
        Assert.Empty(hive.Memory.Namespaces().Namespaces);
        Assert.Equal((0L, 0L, 0L, 1L), (hive.Memory.Stats().Entries, hive.Memory.Stats().Bytes, hive.Memory.Stats().WithTtl, hive.Memory.Stats().ExpiredUnswept));
        Assert.Equal((false, 0L), ((await hive.Memory.DeleteAsync("a/k")).Applied, (await hive.Memory.DeleteAsync("a/k")).Version));
    }

    [Fact]
    public async Task To_compare_and_set_an_expired_entry_is_absent()
    {
        await using var hive = new Hive(Unswept);
        await hive.Put("a/k", "x", ttlMs: 10);
        await using var store = hive.OpenReader();
        hive.Pass(10);
        Assert.Equal((false, 0L), Outcome(await hive.Put("a/k", "y", expected: 1)));
        Assert.Equal((true, 2L), Outcome(await hive.Put("a/k", "y", expected: 0)));
    }

    [Fact]
    public async Task A_fraction_of_a_millisecond_counts_as_a_whole_one()
    {
        await using var hive = new Hive();
        Assert.Equal(hive.Now + 3, (await hive.Put("a/k", "x", ttlMs: 2.5)).ExpiresUnixMs);
    }

    [Fact]
    public async Task The_sweeper_removes_rows_in_portions_soon_after_they_expire()
    {
        await using var hive = new Hive(new MemoryLimits { SweepChunk = 10 });
        await Task.WhenAll(Enumerable.Range(0, 35).Select(i => hive.Put($"a/{i}", "x", ttlMs: 100)));
        await hive.Put("a/later", "x", ttlMs: 5_000);
        hive.Pass(100);
        await hive.Memory.Sweeping;
        Assert.Equal((1L, 0L), (hive.Memory.Stats().Entries, hive.Memory.Stats().ExpiredUnswept));
        hive.Pass(4_900);
        await hive.Memory.Sweeping;
        Assert.Equal((0L, 0L, 72L), (hive.Memory.Stats().Entries, hive.Memory.Stats().ExpiredUnswept, hive.Memory.Revision));
    }

    [Fact]
    public async Task Entries_that_expire_one_after_the_other_share_sweeps()
    {
        await using var hive = new Hive();
        for (var i = 0; i < 100; i++) await hive.Put($"a/{i}", "x", ttlMs: 1_000 + i);
        var before = hive.Store.Statistics.Commits;
        for (var i = 0; i < 2_000; i++)
        {
            hive.Pass(1);
            await hive.Memory.Sweeping;
        }

        Assert.Equal(0, hive.Memory.Stats().ExpiredUnswept);
        Assert.Equal(2, hive.Store.Statistics.Commits - before);
    }

    [Fact]
    public async Task Nothing_runs_while_nothing_expires()
    {
        await using var hive = new Hive();
        await hive.Put("a/k", "x");
        var before = hive.Store.Statistics.Commits;
        hive.Time.Advance(TimeSpan.FromDays(30));
        await hive.Memory.Sweeping;
        Assert.Equal(before, hive.Store.Statistics.Commits);
    }

    [Fact]
    public async Task The_next_owner_sweeps_what_expired_while_there_was_none()
    {
        await using var hive = new Hive();
        await hive.Put("a/k", "x", ttlMs: 60_000);
        await hive.Reopen();
        hive.Pass(59_999);
        Assert.Equal("x", hive.Text("a/k"));
        hive.Pass(1);
        await hive.Memory.Sweeping;
        Assert.Equal((0L, 2L), (hive.Memory.Stats().ExpiredUnswept, hive.Memory.Revision));
    }

    [Fact]
    public async Task A_time_to_live_of_years_is_slept_through_in_steps()
    {
        await using var hive = new Hive();
        await hive.Put("a/k", "x", ttlMs: TimeSpan.FromDays(400).TotalMilliseconds);
        hive.Time.Advance(TimeSpan.FromDays(399));
        await hive.Memory.Sweeping;
        Assert.Equal("x", hive.Text("a/k"));
    }

    [Fact]
    public async Task Under_the_real_clock_a_change_tells_of_the_expiry()
    {
        await using var hive = new Hive();
        await using var memory = MemoryStore.Open(hive.Store, TimeProvider.System);
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await memory.StoreAsync(new StoreRequest("a/k", "x"u8.ToArray()) { Ttl = TimeSpan.FromMilliseconds(20) }, patience.Token);
        await using var changes = memory.WatchAsync("", 0, patience.Token).GetAsyncEnumerator(patience.Token);
        Assert.True(await changes.MoveNextAsync());
        Assert.True(await changes.MoveNextAsync());
        Assert.Equal((MemoryChangeKind.Expired, "a/k", 1L), (changes.Current.Kind, changes.Current.Path, changes.Current.Version));
        Assert.Null(memory.Get("a/k"));
    }

    private static MemoryLimits Unswept => new() { SweepPause = TimeSpan.FromDays(1) };

    private static (bool, long) Outcome(WriteResult result) => (result.Applied, result.Version);
}
