using FsCheck;
using FsCheck.Fluent;

namespace Skep.Memory.Tests;

/// <summary>Random operations, compared with a dictionary after every step.</summary>
public sealed class ModelTests
{
    private static readonly string[] Paths = ["a/1", "a/2", "a/b/1", "a-b/1", "c", "default/c"];
    private static readonly string[] Prefixes = ["", "a", "a/", "a*", "a/b", "c", "default/"];

    [Fact]
    public void The_memory_behaves_as_a_dictionary_whose_entries_expire()
    {
        var step = Gen.Choose(0, 99).SelectMany(kind => Gen.Choose(0, Paths.Length - 1).SelectMany(path => Gen.Choose(0, 9).Select(detail => new Step(kind, Paths[path], detail))));
        var runs = 0;
        Prop.ForAll(step.ListOf().ToArbitrary(), steps =>
        {
            runs++;
            Run(steps).GetAwaiter().GetResult();
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(40).WithStartSize(5).WithEndSize(70).WithReplay(20_261, 1_977));
        Assert.Equal(40, runs);
    }

    private static async Task Run(IList<Step> steps)
    {
        await using var hive = new Hive(new MemoryLimits { SweepChunk = 2, SweepPause = TimeSpan.FromMilliseconds(7) });
        var model = new Model();
        foreach (var step in steps)
        {
            await Do(hive, model, step);
            Compare(hive, model);
        }

        Replay(hive);
    }

    private static async Task Do(Hive hive, Model model, Step step)
    {
        var path = MemoryPath.Parse(step.Path).Full;
        model.Expire(hive.Now);
        switch (step.Kind)
        {
            case < 35:
                double? ttl = step.Detail < 5 ? step.Detail + 1 : null;
                Same(model.Store(path, $"{step.Detail}", ttl is { } t ? hive.Now + (long)t : null, null), await hive.Put(step.Path, $"{step.Detail}", ttl));
                break;
            case < 50:
                var expected = model.Guess(path, step.Detail);
                Same(model.Store(path, "cas", null, expected), await hive.Put(step.Path, "cas", expected: expected));
                break;
            case < 60:
                Same(model.Delete(path, null), await hive.Memory.DeleteAsync(step.Path));
                break;
            case < 65:
                var wanted = Math.Max(1, model.Guess(path, step.Detail));
                Same(model.Delete(path, wanted), await hive.Memory.DeleteAsync(step.Path, wanted));
                break;
            case < 68:
                var prefix = Prefixes[step.Detail % Prefixes.Length];
                Assert.Equal(model.DeletePrefix(prefix), await hive.Memory.DeletePrefixAsync(prefix));
                break;
            case < 70:
                await hive.Reopen();
                break;
            case < 73:
                await ExportAndRestore(hive);
                break;
            default:
                hive.Pass(step.Detail);
                await hive.Memory.Sweeping;
                break;
        }
    }

    /// <summary>Versions may go up faster than the model's after a removal, so it takes over what the memory says, once that is allowed.</summary>
    private static void Same((bool Applied, long AtLeast, Action<long> Take) model, WriteResult actual)
    {
        Assert.Equal(model.Applied, actual.Applied);
        Assert.True(actual.Version >= model.AtLeast, $"version {actual.Version} after {model.AtLeast}");
        if (!actual.Applied) Assert.Equal(model.AtLeast, actual.Version);
        model.Take(actual.Version);
    }

    private static void Compare(Hive hive, Model model)
    {
        model.Expire(hive.Now);
        foreach (var prefix in Prefixes)
        {
            var parsed = MemoryPrefix.Parse(prefix);
            var entries = hive.Memory.List(prefix, withValues: true).Entries;
            Assert.Equal(model.Entries.Where(e => parsed.Contains(e.Key)).Select(static e => (e.Key, e.Value.Value, e.Value.Version, e.Value.Expires)), entries.Select(static e => (e.Path, e.Text, e.Version, e.ExpiresUnixMs)));
        }

        foreach (var path in Paths) Assert.Equal(model.Find(MemoryPath.Parse(path).Full)?.Value, hive.Text(path));
        var stats = hive.Memory.Stats();
        Assert.Equal((model.Entries.Count, model.Entries.Sum(static e => e.Key.Length + e.Value.Value.Length)), (stats.Entries, stats.Bytes));
        Assert.Equal(stats.Entries, stats.Top.Sum(static n => n.Entries));
        Assert.Equal(stats.Bytes, stats.Top.Sum(static n => n.Bytes));
    }

    private static async Task ExportAndRestore(Hive hive)
    {
        using var before = new MemoryStream();
        hive.Memory.Export("", before);
        await hive.Memory.DeletePrefixAsync("");
        before.Position = 0;
        await hive.Memory.RestoreAsync(before);
        using var after = new MemoryStream();
        hive.Memory.Export("", after);
        Assert.Equal(before.ToArray(), after.ToArray());
    }

    /// <summary>The changes from the beginning lead to the same entries.</summary>
    private static void Replay(Hive hive)
    {
        var state = new SortedDictionary<string, long>(StringComparer.Ordinal);
        var (revision, atEnd) = (0L, false);
        while (!atEnd)
        {
            var page = hive.Memory.Changes("", revision, 13);
            foreach (var change in page.Changes)
            {
                Assert.Equal(++revision, change.Revision);
                if (change.Kind == MemoryChangeKind.Stored) state[change.Path] = change.Version;
                else Assert.True(state.Remove(change.Path, out var version) && version == change.Version);
            }

            atEnd = page.AtEnd;
        }

        var unswept = hive.Memory.Stats().ExpiredUnswept;
        Assert.Equal(hive.Memory.Stats().Entries + unswept, state.Count);
        Assert.All(hive.Memory.List().Entries, e => Assert.Equal(e.Version, state[e.Path]));
    }

    private sealed record Step(int Kind, string Path, int Detail);

    private sealed record Item(string Value, long Version, long? Expires);

    private sealed class Model
    {
        /// <summary>The highest version that a path ever had: no later one may be lower or, with another content, the same.</summary>
        private readonly Dictionary<string, long> _highest = [];

        public SortedDictionary<string, Item> Entries { get; } = new(StringComparer.Ordinal);

        public Item? Find(string path) => Entries.GetValueOrDefault(path);

        public void Expire(long now)
        {
            foreach (var path in Entries.Where(e => e.Value.Expires <= now).Select(static e => e.Key).ToList()) Entries.Remove(path);
        }

        public long Guess(string path, int detail) => detail < 6 ? Find(path)?.Version ?? 0 : detail - 6;

        public (bool, long, Action<long>) Store(string path, string value, long? expires, long? expected)
        {
            var actual = Find(path)?.Version ?? 0;
            if (expected is { } e && e != actual) return (false, actual, static _ => { });
            return (true, _highest.GetValueOrDefault(path) + 1, version =>
            {
                _highest[path] = version;
                Entries[path] = new Item(value, version, expires);
            });
        }

        public (bool, long, Action<long>) Delete(string path, long? expected)
        {
            if (Find(path) is not { } item || (expected is { } e && e != item.Version)) return (false, Find(path)?.Version ?? 0, static _ => { });
            Entries.Remove(path);
            return (true, item.Version, static _ => { });
        }

        public int DeletePrefix(string prefix)
        {
            var gone = Entries.Keys.Where(MemoryPrefix.Parse(prefix).Contains).ToList();
            foreach (var path in gone) Entries.Remove(path);
            return gone.Count;
        }
    }
}
