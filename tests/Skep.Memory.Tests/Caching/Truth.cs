using System.Text;
using Skep.Memory.Caching;

namespace Skep.Memory.Tests.Caching;

/// <summary>A source of truth in memory that counts reads, and holds answers back until told to give them: what it has read it has read before.</summary>
internal sealed class Truth : ICacheSource<byte[]>
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Versioned<byte[]>> _values = [];
    private TaskCompletionSource? _held;
    private long _version;
    private int _reads;
    private int _answered;

    public int Reads => Volatile.Read(ref _reads);

    public Exception? Fault { get; set; }

    public Versioned<byte[]> Set(string key, string value) => Put(key, Encoding.UTF8.GetBytes(value));

    public Versioned<byte[]> Remove(string key) => Put(key, null);

    public void Hold() => _held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Release() => _held!.SetResult();

    /// <summary>Waits until so many reads were answered.</summary>
    public async Task Answered(int count)
    {
        for (var i = 0; Volatile.Read(ref _answered) < count; i++)
        {
            Assert.True(i < 1_000_000, "nobody reads");
            await Task.Yield();
        }
    }

    public async ValueTask<SourceAnswer<byte[]>> ReadAsync(string key, bool latest, CancellationToken cancel)
    {
        Interlocked.Increment(ref _reads);
        if (Fault is { } fault) throw fault;
        Versioned<byte[]> value;
        lock (_gate) value = _values.GetValueOrDefault(key, new Versioned<byte[]>(0, null));
        if (_held is { } held) await held.Task.WaitAsync(cancel);
        Interlocked.Increment(ref _answered);
        return new SourceAnswer<byte[]>(value);
    }

    private Versioned<byte[]> Put(string key, byte[]? value)
    {
        lock (_gate) return _values[key] = new Versioned<byte[]>(++_version, value);
    }
}

internal static class Texts
{
    public static string? Text(this Versioned<byte[]> value) => value.Value is { } bytes ? Encoding.UTF8.GetString(bytes) : null;
}
