namespace Skep.Memory.Tests;

public sealed class WatchTests
{
    [Fact]
    public async Task A_watcher_sees_every_change_once_and_in_order()
    {
        await using var hive = new Hive();
        await hive.Put("a/before", "x");
        await using var watch = Follow(hive, "a");
        await hive.Put("a/k", "one");
        await hive.Put("b/k", "elsewhere");
        await hive.Memory.DeleteAsync("a/k");
        await hive.Put("a/t", "y", ttlMs: 10);
        hive.Pass(10);
        await hive.Memory.Sweeping;
        Assert.Equal(["2 Stored a/k", "4 Deleted a/k", "5 Stored a/t", "6 Expired a/t"], await Take(watch, 4));
    }

    [Fact]
    public async Task A_prompt_watcher_gets_the_value_and_a_late_one_knows_that_another_follows()
    {
        await using var hive = new Hive();
        await hive.Put("a/k", "one");
        Assert.Equal("one", Assert.Single(hive.Memory.Changes("", 0).Changes).Entry!.Text);
        await hive.Put("a/k", "two");
        var changes = hive.Memory.Changes("", 0).Changes;
        Assert.Null(changes[0].Entry);
        Assert.Equal("two", changes[1].Entry!.Text);
    }

    [Fact]
    public async Task From_a_list_on_nothing_is_lost_and_nothing_is_doubled_while_others_write()
    {
        await using var hive = new Hive();
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        var writers = Enumerable.Range(0, 8).Select(w => Task.Run(async () =>
        {
            for (var i = 0; i < 50; i++)
            {
                if (i % 5 == 4) await hive.Memory.DeleteAsync($"a/{w}/{i - 1}");
                else await hive.Put($"a/{w}/{i}", $"{w}.{i}");
            }
        })).ToList();
        var list = hive.Memory.List(limit: 1_000);
        var state = list.Entries.ToDictionary(static e => e.Path, static e => e.Version);
        var next = list.Revision;
        await foreach (var change in hive.Memory.WatchAsync("", list.Revision, patience.Token))
        {
            Assert.Equal(++next, change.Revision);
            if (change.Kind == MemoryChangeKind.Stored) state[change.Path] = change.Version;
            else Assert.True(state.Remove(change.Path));
            if (next == 400) break;
        }

        await Task.WhenAll(writers);
        Assert.Equal(hive.Memory.List(limit: 1_000).Entries.ToDictionary(static e => e.Path, static e => e.Version), state);
    }

    [Fact]
    public async Task Who_comes_back_sees_what_was_deleted_meanwhile()
    {
        await using var hive = new Hive();
        await hive.Put("a/k", "x");
        var seen = hive.Memory.Revision;
        await hive.Memory.DeleteAsync("a/k");
        await hive.Reopen();
        await using var watch = Follow(hive, "", seen);
        Assert.Equal(["2 Deleted a/k"], await Take(watch, 1));
    }

    [Fact]
    public async Task Who_is_further_behind_than_is_remembered_is_told_and_goes_on()
    {
        await using var hive = new Hive(new MemoryLimits { MaxChanges = 100 });
        await using var watch = Follow(hive, "a", 0);
        for (var i = 0; i < 300; i++) await hive.Put("a/k", $"{i}");
        var changes = await Take(watch, 3);
        // Changes are forgotten every 64; at revision 256 those up to 156 were.
        Assert.Equal(["156 Lagged ", "157 Stored a/k", "158 Stored a/k"], changes);
        Assert.Equal(144, hive.Memory.Stats().Changes);
    }

    [Fact]
    public async Task A_revision_that_was_never_reached_is_an_error()
    {
        await using var hive = new Hive();
        await hive.Put("a/k", "x");
        await using var watch = Follow(hive, "", 7);
        Assert.Contains("revision 7", (await Refused.By(async () => await watch.MoveNextAsync(), MemoryFault.FutureRevision)).Message);
    }

    [Fact]
    public async Task A_reader_follows_what_another_process_writes()
    {
        await using var hive = new Hive();
        await using var store = hive.OpenReader();
        await using var reader = MemoryStore.OpenReader(store, hive.Time);
        await using var watch = reader.WatchAsync().GetAsyncEnumerator();
        var next = watch.MoveNextAsync();
        Assert.False(next.IsCompleted);
        await hive.Put("a/k", "x");
        hive.Pass(250);
        Assert.True(await next);
        Assert.Equal("a/k", watch.Current.Path);
    }

    [Fact]
    public async Task Cancelling_ends_a_watch()
    {
        await using var hive = new Hive();
        using var cancel = new CancellationTokenSource();
        await using var watch = hive.Memory.WatchAsync(cancel: cancel.Token).GetAsyncEnumerator();
        var next = watch.MoveNextAsync().AsTask();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
    }

    private static IAsyncEnumerator<MemoryChange> Follow(Hive hive, string prefix, long? since = null) =>
        hive.Memory.WatchAsync(prefix, since).GetAsyncEnumerator();

    private static async Task<List<string>> Take(IAsyncEnumerator<MemoryChange> watch, int count)
    {
        var taken = new List<string>();
        while (taken.Count < count && await watch.MoveNextAsync()) taken.Add($"{watch.Current.Revision} {watch.Current.Kind} {watch.Current.Path}");
        return taken;
    }
}
