using System.Text;
using Skep.Storage.Sqlite;

namespace Skep.Storage.Tests;

/// <summary>A project directory of its own for a test.</summary>
internal sealed class TestFolder : IDisposable
{
    public TestFolder()
    {
        Project = Directory.CreateTempSubdirectory("skep-test-").FullName;
        Folder = SkepFolder.Create(Project);
    }

    public string Project { get; }

    public SkepFolder Folder { get; }

    public string Wal => Folder.DatabasePath + "-wal";

    /// <summary>A new folder with the database and log as a crash at this moment would leave them. Call it on the writer's thread.</summary>
    public TestFolder CopyFiles()
    {
        var copy = new TestFolder();
        File.Copy(Folder.DatabasePath, copy.Folder.DatabasePath);
        if (File.Exists(Wal)) File.Copy(Wal, copy.Wal);
        return copy;
    }

    public void Dispose() => Directory.Delete(Project, recursive: true);
}

internal static class Given
{
    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    public static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);

    /// <summary>An event whose content follows from its place, so that any mix-up shows.</summary>
    public static NewEvent Event(string stream, long seq, int padding = 0) =>
        new(seq % 3 == 0 ? "task.done" : "task.started", 1 + (int)(seq % 2), 1_000 + seq, Bytes($"{stream}/{seq}" + new string('x', padding)));

    public static NewEvent[] Events(string stream, long after, int count, int padding = 0) =>
        [.. Enumerable.Range(1, count).Select(i => Event(stream, after + i, padding))];

    public static Append Append(string stream, long after, int count = 1, int padding = 0) => new(stream, after, Events(stream, after, count, padding));

    /// <summary>Fails unless the events are exactly the first ones of the stream.</summary>
    public static void RequirePrefix(string stream, IReadOnlyList<StoredEvent> events, int padding = 0)
    {
        for (var i = 0; i < events.Count; i++)
        {
            var expected = Event(stream, i + 1, padding);
            Assert.Equal((i + 1, expected.Type, expected.Version, expected.AtUnixMs), (events[i].Seq, events[i].Type, events[i].Version, events[i].AtUnixMs));
            Assert.Equal(Text(expected.Payload), Text(events[i].Payload));
        }
    }

    /// <summary>Holds the writer's thread until disposed; what is appended meanwhile forms one group.</summary>
    public static WriterGate HoldWriter(SqliteStore store) => new(store);

    public static async Task<StorageException> Fails(Task task, StorageFault fault)
    {
        var e = await Assert.ThrowsAnyAsync<StorageException>(() => task);
        Assert.Equal(fault, e.Fault);
        return e;
    }

    public static StorageException Fails(Action action, StorageFault fault)
    {
        var e = Assert.ThrowsAny<StorageException>(action);
        Assert.Equal(fault, e.Fault);
        return e;
    }

    public static void RunSql(string path, string sql)
    {
        if (!File.Exists(path)) File.Create(path).Dispose();
        using var database = Database.Open(path, readOnly: false);
        database.Execute(sql);
    }
}

internal sealed class WriterGate : IDisposable
{
    private readonly ManualResetEventSlim _open = new();
    private readonly TaskCompletionSource _held = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _probe;

    public WriterGate(SqliteStore store)
    {
        _probe = store.ProbeAsync(_ =>
        {
            _held.SetResult();
            _open.Wait();
        });
        if (Task.WaitAny(_held.Task, _probe) == 1) _probe.GetAwaiter().GetResult(); // It failed before it could hold anything.
    }

    public void Dispose()
    {
        _open.Set();
        _probe.Wait();
        _open.Dispose();
    }
}

internal sealed class ManualTime : TimeProvider
{
    private DateTimeOffset _now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => _now;

    public void Advance(TimeSpan by) => _now += by;
}
