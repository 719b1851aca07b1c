using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Skep.Memory.Caching;

/// <summary>
/// Shares a cache and invalidations through a Redis: one connection for commands, one that listens. Records are replaced only by newer ones, which a script in Redis sees
/// to. Who is told of a change (publish/subscribe) gets its version too, which Redis' own client tracking could not give.
/// </summary>
public sealed class RedisSharedCache : ISharedCache
{
    private const int MostAtOnce = 256;

    /// <summary>Between two looks at whether all is told, at the end.</summary>
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(5);

    /// <summary>KEYS: the record. ARGV: the new record, which begins with its order; milliseconds that it stays.</summary>
    private const string PutScript =
        """
        local held = redis.call('GETRANGE', KEYS[1], 0, 7)
        if #held == 8 and struct.unpack('>i8', held) > struct.unpack('>i8', ARGV[1]) then return 0 end
        redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
        return 1
        """;

    /// <summary>KEYS: the record. ARGV: the order, 8 bytes, or an empty string when it is not known; the channel; the message.</summary>
    private const string TellScript =
        """
        local held = redis.call('GETRANGE', KEYS[1], 0, 7)
        if #ARGV[1] < 8 or (#held == 8 and struct.unpack('>i8', held) < struct.unpack('>i8', ARGV[1])) then redis.call('DEL', KEYS[1]) end
        return redis.call('PUBLISH', ARGV[2], ARGV[3])
        """;

    private readonly RedisOptions _options;
    private readonly TimeProvider _time;
    private readonly string _node;
    private readonly ReadOnlyMemory<byte> _channel;
    private readonly ReadOnlyMemory<byte> _keepFor;
    private readonly Untold _untold;
    private readonly RedisLink _commands;
    private readonly RedisLink _invalidations;
    private readonly CancellationTokenSource _closing = new();
    private readonly TaskCompletionSource _firstAttempt = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ISharedListener? _listener;
    private Task _running = Task.CompletedTask;
    private volatile bool _listening;
    private volatile int _telling;
    private long _told;
    private long _lost;

    /// <summary>Makes it; it connects when a <see cref="LayeredCache{T}"/> starts it.</summary>
    /// <param name="options">Where.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="CacheException">A setting makes no sense.</exception>
    public RedisSharedCache(RedisOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        options.Require();
        (_options, _time, _untold) = (options, time, new Untold(options.MaxUntold));
        var seed = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8));
        _node = seed.ToString("x16");
        _channel = RespCommand.Of($"{options.Namespace}:changes");
        _keepFor = RespCommand.Of($"{Math.Max(1, (long)options.KeepFor.TotalMilliseconds)}");
        _commands = new RedisLink(options, time, new Backoff(options.FirstPause, options.LongestPause, seed), null, TellAllAsync, static _ => { });
        _invalidations = new RedisLink(options, time, new Backoff(options.FirstPause, options.LongestPause, ~seed), Hear, ListenAsync, Deaf);
    }

    /// <inheritdoc/>
    public SharedCacheStatus Status
    {
        get
        {
            var up = _listening && _commands.Connection is not null;
            var reason = _invalidations.Reason ?? _commands.Reason;
            return new SharedCacheStatus(up ? "up" : reason is null ? "connecting" : "down", _options.Address, up ? null : reason, Math.Max(0, _invalidations.Connects - 1), Interlocked.Read(ref _told), Interlocked.Read(ref _lost));
        }
    }

    /// <summary>Completes when the first attempt to connect has succeeded or failed.</summary>
    public Task FirstAttempt => _firstAttempt.Task;

    /// <inheritdoc/>
    public void Start(ISharedListener listener)
    {
        ArgumentNullException.ThrowIfNull(listener);
        if (_listener is not null) throw new InvalidOperationException("it was started already: make one for each cache");
        _listener = listener;
        _running = Task.WhenAll(Task.Run(() => _commands.RunAsync(_closing.Token)), Task.Run(() => _invalidations.RunAsync(_closing.Token)));
    }

    /// <inheritdoc/>
    public async ValueTask<SharedRecord?> GetAsync(string key, CancellationToken cancel)
    {
        if (_commands.Connection is not { } connection) return null;
        try
        {
            var reply = await connection.AskAsync([Get, KeyOf(key)], cancel);
            return reply is { Kind: RespKind.Bytes, Bytes: { } bytes } ? RecordFormat.Read(bytes) : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public void Put(string key, in SharedRecord record)
    {
        var bytes = RecordFormat.Write(record);
        if (bytes.Length > _options.MaxRecordBytes) Interlocked.Increment(ref _lost);
        else _ = PutAsync([Eval, PutText, One, KeyOf(key), bytes, _keepFor]);
    }

    /// <inheritdoc/>
    public void Tell(string? key, long order) => _untold.Add(key, order);

    /// <summary>Tells what there is to tell, if that is possible soon, and ends the connections.</summary>
    public async ValueTask DisposeAsync()
    {
        for (var waited = TimeSpan.Zero; !(_untold.IsEmpty && _telling == 0) && _listener is not null && _commands.Reason is null && waited < _options.CommandTimeout; waited += Step)
            await Task.Delay(Step, _time);
        await _closing.CancelAsync();
        await _running;
        _firstAttempt.TrySetResult();
    }

    private static ReadOnlyMemory<byte> Get { get; } = RespCommand.Of("GET");

    private static ReadOnlyMemory<byte> Eval { get; } = RespCommand.Of("EVAL");

    private static ReadOnlyMemory<byte> One { get; } = RespCommand.Of("1");

    private static ReadOnlyMemory<byte> Publish { get; } = RespCommand.Of("PUBLISH");

    private static ReadOnlyMemory<byte> Subscribe { get; } = RespCommand.Of("SUBSCRIBE");

    private static ReadOnlyMemory<byte>[] Ping { get; } = [RespCommand.Of("PING")];

    private static ReadOnlyMemory<byte> PutText { get; } = RespCommand.Of(PutScript);

    private static ReadOnlyMemory<byte> TellText { get; } = RespCommand.Of(TellScript);

    private ReadOnlyMemory<byte> KeyOf(string key) => RespCommand.Of($"{_options.Namespace}:e:{key}");

    private async Task PutAsync(ReadOnlyMemory<byte>[] command)
    {
        try
        {
            if (_commands.Connection is { } connection && (await connection.AskAsync(command, _closing.Token)).Kind != RespKind.Error) return;
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // Counted below: the value is there without it.
        }

        Interlocked.Increment(ref _lost);
    }

    /// <summary>Tells what there is to tell, for as long as the connection lasts. What may not have arrived is told again on the next.</summary>
    private async Task TellAllAsync(RespConnection connection, CancellationToken cancel)
    {
        while (true)
        {
            var arrived = _untold.Arrived;
            var changes = _untold.Take(MostAtOnce);
            if (changes.Count > 0) await TellAsync(connection, changes, cancel);
            else if (await Task.WhenAny(arrived, connection.Ended).WaitAsync(cancel) == connection.Ended) throw new IOException(await connection.Ended);
        }
    }

    private async Task TellAsync(RespConnection connection, List<(string? Key, long Order)> changes, CancellationToken cancel)
    {
        _telling = changes.Count;
        try
        {
            var replies = await Task.WhenAll(changes.Select(c => connection.AskAsync(CommandOf(c.Key, c.Order), cancel)));
            if (Array.Find(replies, static r => r.Kind == RespKind.Error) is { } error) throw new IOException($"publishing changes was refused: {MemoryPath.Shown(error.Text)}");
            Interlocked.Add(ref _told, changes.Count);
        }
        catch
        {
            foreach (var (key, order) in changes) _untold.Add(key, order);
            throw;
        }
        finally
        {
            _telling = 0;
        }
    }

    private ReadOnlyMemory<byte>[] CommandOf(string? key, long order)
    {
        var message = RedisMessage.Write(_node, order, key);
        if (key is null) return [Publish, _channel, message];
        var bytes = Array.Empty<byte>();
        if (order != CacheOrder.None) BinaryPrimitives.WriteInt64BigEndian(bytes = new byte[8], order);
        return [Eval, TellText, One, KeyOf(key), bytes, _channel, message];
    }

    private async Task ListenAsync(RespConnection connection, CancellationToken cancel)
    {
        // The confirmation of a subscription is no reply but a push; what is asked behind it is answered after it took effect.
        connection.Tell([Subscribe, _channel]);
        await PingAsync(connection, cancel);
        _listening = true;
        _listener!.Connected();
        _firstAttempt.TrySetResult();
        while (true)
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            var pause = Task.Delay(_options.Heartbeat, _time, stop.Token);
            var first = await Task.WhenAny(pause, connection.Ended);
            await stop.CancelAsync();
            cancel.ThrowIfCancellationRequested();
            if (first == connection.Ended) throw new IOException(await connection.Ended);
            await PingAsync(connection, cancel);
        }
    }

    private static async Task PingAsync(RespConnection connection, CancellationToken cancel)
    {
        var reply = await connection.AskAsync(Ping, cancel);
        if (reply.Kind == RespKind.Error) throw new IOException($"listening to changes was refused: {MemoryPath.Shown(reply.Text)}");
    }

    private void Hear(RespValue push)
    {
        if (push.Items is not [{ } kind, _, { Bytes: { } payload }, ..] || kind.Text != "message") return;
        var message = RedisMessage.Read(payload);
        if (message.Sender != _node) _listener!.Changed(message.Key, message.Order);
    }

    private void Deaf(string reason)
    {
        _listening = false;
        _listener!.Disconnected(reason);
        _firstAttempt.TrySetResult();
    }
}
