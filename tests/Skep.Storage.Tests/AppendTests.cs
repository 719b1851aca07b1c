namespace Skep.Storage.Tests;

public sealed class AppendTests : IDisposable
{
    private readonly TestFolder _test = new();

    public void Dispose() => _test.Dispose();

    [Fact]
    public async Task Events_are_read_back_as_written_in_order_after_reopening()
    {
        await using (var store = SqliteStore.OpenOwner(_test.Folder))
        {
            await store.AppendAsync(Given.Append("run", 0, 3));
            await store.AppendAsync(Given.Append("run", 3, 2));
        }

        await using var again = SqliteStore.OpenOwner(_test.Folder);
        var events = again.Read("run").ToList();
        Assert.Equal(5, events.Count);
        Given.RequirePrefix("run", events);
    }

    [Fact]
    public async Task Reading_starts_and_ends_where_asked_across_pages()
    {
        await using var store = SqliteStore.OpenOwner(_test.Folder);
        await store.AppendAsync(Given.Append("run", 0, 3000));

        Assert.Equal(Enumerable.Range(1, 3000).Select(i => (long)i), store.Read("run").Select(e => e.Seq));
        Assert.Equal(Enumerable.Range(500, 700).Select(i => (long)i), store.Read("run", 500, 700).Select(e => e.Seq));
        Assert.Equal([3000L], store.Read("run", 3000).Select(e => e.Seq));
        Assert.Equal([1L], store.Read("run", -5, 1).Select(e => e.Seq));
        Assert.Empty(store.Read("run", 3001));
        Assert.Empty(store.Read("run", 1, 0));
        Assert.Empty(store.Read("other"));
    }

    [Fact]
    public async Task Large_payloads_are_read_in_several_pages()
    {
        await using var store = SqliteStore.OpenOwner(_test.Folder);
        await store.AppendAsync(new Append("run", 0, [.. Enumerable.Range(0, 12).Select(i => new NewEvent("big", 1, i, Enumerable.Repeat((byte)i, 1_000_000).ToArray()))]));

        var events = store.Read("run").ToList();
        Assert.Equal(12, events.Count);
        Assert.All(events, e => Assert.True(e.Payload.Span.IndexOfAnyExcept((byte)(e.Seq - 1)) < 0));
    }

    [Fact]
    public async Task An_empty_payload_stays_empty()
    {
        await using var store = SqliteStore.OpenOwner(_test.Folder);
        await store.AppendAsync(new Append("run", 0, [new NewEvent("nothing", 1, 7, default)]));
        Assert.Equal(0, Assert.Single(store.Read("run")).Payload.Length);
    }

    [Fact]
    public async Task A_stale_writer_is_refused_and_nothing_is_written()
    {
        await using var store = SqliteStore.OpenOwner(_test.Folder);
        await store.AppendAsync(Given.Append("run", 0, 2));

        var e = await Assert.ThrowsAsync<ConcurrencyException>(() => store.AppendAsync(Given.Append("run", 1) with { Summary = Given.Bytes("wrong") }));
        Assert.Equal((1, 2), (e.Expected, e.Actual));
        await Assert.ThrowsAsync<ConcurrencyException>(() => store.AppendAsync(Given.Append("run", 0)));
        await Assert.ThrowsAsync<ConcurrencyException>(() => store.AppendAsync(Given.Append("new", 4)));

        Assert.Equal(2, store.Read("run").Count());
        Assert.Equal(0, store.Find("run")!.Summary.Length);
        Assert.Null(store.Find("new"));
    }

    [Fact]
    public async Task A_conflict_does_not_fail_its_neighbours()
    {
        await using var store = SqliteStore.OpenOwner(_test.Folder);
        Task first, conflict, last;
        using (Given.HoldWriter(store))
        {
            first = store.AppendAsync(Given.Append("run", 0));
            conflict = store.AppendAsync(Given.Append("run", 0));
            last = store.AppendAsync(Given.Append("run", 1));
        }

        await first;
        await last;
        await Assert.ThrowsAsync<ConcurrencyException>(() => conflict);
        Assert.Equal(2, store.Read("run").Count());
    }

    [Fact]
    public async Task Appends_that_wait_together_share_one_commit()
    {
        await using var store = SqliteStore.OpenOwner(_test.Folder);
        long before;
        var waiting = new List<Task>();
        using (Given.HoldWriter(store))
        {
            before = store.Statistics.Commits;
            for (var i = 0; i < 200; i++) waiting.Add(store.AppendAsync(Given.Append($"run-{i % 7}", i / 7)));
        }

        await Task.WhenAll(waiting);
        Assert.Equal(2, store.Statistics.Commits - before); // The gate's own and one for all.
        Assert.Equal(200, store.Statistics.Appends);
        Assert.Equal(200, store.Statistics.Events);
    }

    [Fact]
    public async Task A_group_is_bounded_by_its_limits()
    {
        await using var store = SqliteStore.OpenOwner(_test.Folder, new StoreOptions { MaxBatchAppends = 10 });
        long before;
        var waiting = new List<Task>();
        using (Given.HoldWriter(store))
        {
            before = store.Statistics.Commits;
            for (var i = 0; i < 30; i++) waiting.Add(store.AppendAsync(Given.Append("run", i)));
        }

        await Task.WhenAll(waiting);
        Assert.Equal(1 + 3, store.Statistics.Commits - before);
    }

    [Fact]
    public async Task A_full_queue_makes_callers_wait_and_loses_nothing()
    {
        await using var store = SqliteStore.OpenOwner(_test.Folder, new StoreOptions { MaxQueuedAppends = 4 });
        var waiting = new List<Task>();
        using (Given.HoldWriter(store))
        {
            for (var i = 0; i < 50; i++) waiting.Add(store.AppendAsync(Given.Append($"run-{i}", 0)));
        }

        await Task.WhenAll(waiting);
        Assert.Equal(50, store.List().Count);
    }

    [Fact]
    public async Task Many_parallel_writers_of_many_streams_leave_gapless_logs()
    {
        await using var store = SqliteStore.OpenOwner(_test.Folder);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(async () =>
        {
            for (var seq = 0; seq < 50; seq++) await store.AppendAsync(Given.Append($"run-{i}", seq));
        })));

        for (var i = 0; i < 20; i++)
        {
            var events = store.Read($"run-{i}").ToList();
            Assert.Equal(50, events.Count);
            Given.RequirePrefix($"run-{i}", events);
        }

        Assert.Equal(1000, store.Statistics.Events);
    }

    [Fact]
    public async Task Of_parallel_writers_of_one_stream_exactly_one_wins_each_place()
    {
        await using var store = SqliteStore.OpenOwner(_test.Folder);
        var won = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(async () =>
        {
            var wins = 0;
            for (long seq = 0; seq < 60;)
            {
                try
                {
                    await store.AppendAsync(new Append("run", seq, [new NewEvent("by", 1, i, Given.Bytes($"{i}"))]));
                    wins++;
                    seq++;
                }
                catch (ConcurrencyException e)
                {
                    seq = e.Actual;
                }
            }

            return wins;
        })));

        var events = store.Read("run").ToList();
        Assert.Equal(won.Sum(), events.Count);
        Assert.Equal(Enumerable.Range(1, events.Count).Select(i => (long)i), events.Select(e => e.Seq));
        for (var i = 0; i < 8; i++) Assert.Equal(won[i], events.Count(e => Given.Text(e.Payload) == $"{i}"));
    }

    [Fact]
    public async Task A_waiting_append_can_be_cancelled_and_is_then_not_written()
    {
        await using var store = SqliteStore.OpenOwner(_test.Folder);
        using var cancel = new CancellationTokenSource();
        Task cancelled, other;
        using (Given.HoldWriter(store))
        {
            cancelled = store.AppendAsync(Given.Append("run", 0), cancel.Token);
            other = store.AppendAsync(Given.Append("other", 0));
            await cancel.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        }

        await other;
        Assert.Null(store.Find("run"));
        Assert.NotNull(store.Find("other"));
    }

    [Fact]
    public async Task Closing_writes_what_waits_and_refuses_what_comes_later()
    {
        var store = SqliteStore.OpenOwner(_test.Folder);
        var waiting = Enumerable.Range(0, 20).Select(i => store.AppendAsync(Given.Append("run", i))).ToArray();
        await store.DisposeAsync();
        await Task.WhenAll(waiting);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => store.AppendAsync(Given.Append("run", 20)));
        Assert.Throws<ObjectDisposedException>(() => store.Find("run"));
        await store.DisposeAsync();

        await using var reader = SqliteStore.OpenReader(_test.Folder);
        Assert.Equal(20, reader.Read("run").Count());
        Assert.False(File.Exists(_test.Wal) && new FileInfo(_test.Wal).Length > 0, "a closed store leaves no log behind");
    }

    [Fact]
    public async Task Streams_are_listed_newest_first_with_their_summaries()
    {
        await using var store = SqliteStore.OpenOwner(_test.Folder);
        await store.AppendAsync(Given.Append("a", 0, 2) with { Summary = Given.Bytes("one") });
        await store.AppendAsync(Given.Append("b", 0));
        await store.AppendAsync(Given.Append("a", 2));
        await store.AppendAsync(new Append("b", 1, []) { Summary = Given.Bytes("two") });

        var list = store.List();
        Assert.Equal(["b", "a"], list.Select(s => s.Stream));
        Assert.Equal(new[] { (1L, 1001L, 1001L, "two"), (3L, 1001L, 1003L, "one") }, list.Select(s => (s.Seq, s.CreatedUnixMs, s.UpdatedUnixMs, Given.Text(s.Summary))));
        Assert.Equal(["b"], store.List(1).Select(s => s.Stream));
        Assert.Empty(store.List(0));
    }

    [Fact]
    public async Task What_exceeds_a_bound_is_refused_with_the_bound_in_the_message()
    {
        await using var store = SqliteStore.OpenOwner(_test.Folder);
        var tooLarge = new NewEvent("e", 1, 0, new byte[StorageLimits.MaxPayloadBytes + 1]);
        var e = await Given.Fails(store.AppendAsync(new Append("run", 0, [tooLarge])), StorageFault.TooLarge);
        Assert.Contains($"{StorageLimits.MaxPayloadBytes}", e.Message, StringComparison.Ordinal);
        var full = new NewEvent("e", 1, 0, new byte[StorageLimits.MaxPayloadBytes]);
        await Given.Fails(store.AppendAsync(new Append("run", 0, [.. Enumerable.Repeat(full, 65)])), StorageFault.TooLarge);
        await Given.Fails(store.AppendAsync(new Append(new string('s', 129), 0, [])), StorageFault.TooLarge);
        await Given.Fails(store.AppendAsync(new Append("run", 0, [new NewEvent(new string('t', 65), 1, 0, default)])), StorageFault.TooLarge);
        await Given.Fails(store.AppendAsync(new Append("run", 0, new NewEvent[StorageLimits.MaxEventsPerAppend + 1])), StorageFault.TooLarge);
        await Given.Fails(store.AppendAsync(Given.Append("run", 0) with { Summary = new byte[StorageLimits.MaxPayloadBytes + 1] }), StorageFault.TooLarge);
        await Given.Fails(store.AppendAsync(Given.Append("run", 0) with { Snapshot = [new SnapshotItem(new string('k', 257), default)] }), StorageFault.TooLarge);
        await Assert.ThrowsAnyAsync<ArgumentException>(() => store.AppendAsync(new Append("", 0, [])));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => store.AppendAsync(new Append("run", -1, [])));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => store.AppendAsync(new Append("run", 0, [new NewEvent("e", 0, 0, default)])));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => store.AppendAsync(Given.Append("run", 0) with { BlobRefs = ["../../etc/passwd"] }));
        Assert.Empty(store.List());
    }

    [Fact]
    public async Task Event_types_are_bounded_and_the_append_that_exceeds_them_writes_nothing()
    {
        await using var store = SqliteStore.OpenOwner(_test.Folder);
        await store.AppendAsync(new Append("run", 0, [.. Enumerable.Range(0, StorageLimits.MaxEventTypes).Select(i => new NewEvent($"t{i}", 1, 0, default))]));
        await Given.Fails(store.AppendAsync(new Append("run", StorageLimits.MaxEventTypes, [new NewEvent("one-more", 1, 0, default)])), StorageFault.TooLarge);
        await store.AppendAsync(new Append("run", StorageLimits.MaxEventTypes, [new NewEvent("t5", 1, 0, default)]));
        Assert.Equal(StorageLimits.MaxEventTypes + 1, store.Find("run")!.Seq);
    }
}
