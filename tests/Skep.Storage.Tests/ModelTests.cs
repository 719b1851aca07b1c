using FsCheck;
using FsCheck.Fluent;

namespace Skep.Storage.Tests;

/// <summary>Random operations on the store and on a model in memory: what both hold must stay the same, also over reopening.</summary>
public sealed class ModelTests
{
    private static readonly string[] StreamNames = ["a", "b", "c"];
    private static readonly string[] Keys = ["k1", "k2", "k3", "k4"];

    [Fact]
    public void The_store_equals_a_model_in_memory() =>
        Prop.ForAll(Arb.From(Gen.ListOf(Operations)), operations => RunAsync(operations).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(40).WithReplay(20_261_121UL, 4_711UL));

    private static Gen<Operation> Operations =>
        from stream in Gen.Elements(StreamNames)
        from kind in Gen.Choose(0, 9)
        from events in Gen.Choose(0, 4)
        from version in Gen.Frequency((4, Gen.Constant(1)), (1, Gen.Constant(2)))
        from items in Gen.ListOf(Items)
        select new Operation(stream, kind, events, version, [.. items]);

    private static Gen<(string Key, string? Value)> Items =>
        from key in Gen.Elements(Keys)
        from value in Gen.Elements("x", "y", "", null)
        select (key, value);

    private static async Task RunAsync(IEnumerable<Operation> operations)
    {
        using var test = new TestFolder();
        var model = new Dictionary<string, ModelStream>();
        var store = SqliteStore.OpenOwner(test.Folder, new StoreOptions { DeleteChunk = 2, CheckpointBytes = 50_000 });
        try
        {
            foreach (var operation in operations)
            {
                if (operation.Kind == 0)
                {
                    await store.DisposeAsync();
                    store = SqliteStore.OpenOwner(test.Folder);
                }
                else
                {
                    await ApplyAsync(operation, store, model);
                }

                RequireEqual(store, model);
            }

            Assert.Empty((await store.CheckAsync()).Problems);
        }
        finally
        {
            await store.DisposeAsync();
        }
    }

    private static async Task ApplyAsync(Operation operation, SqliteStore store, Dictionary<string, ModelStream> model)
    {
        var known = model.GetValueOrDefault(operation.Stream);
        var append = Given.Append(operation.Stream, known?.Seq ?? 0, operation.Events);
        switch (operation.Kind)
        {
            case 1:
                Assert.Equal(model.Remove(operation.Stream), await store.DeleteStreamAsync(operation.Stream));
                return;
            case 2:
                await Assert.ThrowsAsync<ConcurrencyException>(() => store.AppendAsync(append with { ExpectedSeq = append.ExpectedSeq + 1 }));
                return;
            case 3 or 4 or 5 or 6:
                append = append with { Snapshot = [.. operation.Items.Select(i => new SnapshotItem(i.Key, i.Value is null ? null : Given.Bytes(i.Value)))], SnapshotVersion = operation.Version };
                break;
        }

        append = append with { Summary = Given.Bytes($"{operation.Kind}{operation.Events}") };
        await store.AppendAsync(append);
        if (known is null) model[operation.Stream] = known = new ModelStream();
        known.Apply(append);
    }

    private static void RequireEqual(SqliteStore store, Dictionary<string, ModelStream> model)
    {
        Assert.Equal(model.Keys.Order(), store.List().Select(s => s.Stream).Order());
        foreach (var (name, expected) in model)
        {
            var events = store.Read(name).ToList();
            Assert.Equal(expected.Seq, events.Count);
            Given.RequirePrefix(name, events);
            Assert.Equal(expected.Summary, Given.Text(store.Find(name)!.Summary));
            var snapshot = store.ReadSnapshot(name);
            Assert.Equal(expected.SnapshotVersion, snapshot?.Version);
            if (snapshot is null) continue;
            Assert.Equal(expected.SnapshotSeq, snapshot.Seq);
            Assert.Equal(expected.Items, snapshot.Items.OrderBy(i => i.Key).ToDictionary(i => i.Key, i => Given.Text(i.Value)));
        }
    }

    private sealed record Operation(string Stream, int Kind, int Events, int Version, (string Key, string? Value)[] Items);

    private sealed class ModelStream
    {
        public long Seq { get; private set; }

        public string Summary { get; private set; } = "";

        public long SnapshotSeq { get; private set; }

        public int? SnapshotVersion { get; private set; }

        public Dictionary<string, string> Items { get; } = [];

        public void Apply(Append append)
        {
            Seq += append.Events.Count;
            Summary = Given.Text(append.Summary!.Value);
            if (append.Snapshot is null) return;
            if (SnapshotVersion != append.SnapshotVersion) Items.Clear();
            (SnapshotVersion, SnapshotSeq) = (append.SnapshotVersion, Seq);
            foreach (var item in append.Snapshot)
            {
                if (item.Payload is { } payload) Items[item.Key] = Given.Text(payload);
                else Items.Remove(item.Key);
            }
        }
    }
}
