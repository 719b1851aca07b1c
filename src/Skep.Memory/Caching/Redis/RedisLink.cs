namespace Skep.Memory.Caching;

/// <summary>Keeps one connection up: connects, uses it until it ends, pauses, connects again.</summary>
internal sealed class RedisLink
{
    private readonly RedisOptions _options;
    private readonly TimeProvider _time;
    private readonly Backoff _backoff;
    private readonly Action<RespValue>? _push;
    private readonly Func<RespConnection, CancellationToken, Task> _use;
    private readonly Action<string> _down;
    private volatile RespConnection? _connection;
    private volatile string? _reason;
    private long _connects;

    /// <param name="options">Where.</param>
    /// <param name="time">The clock.</param>
    /// <param name="backoff">Pauses.</param>
    /// <param name="push">Takes what the server says unasked.</param>
    /// <param name="use">Uses a new connection; its end, or an <see cref="IOException"/>, is the connection's.</param>
    /// <param name="down">Told why there is none, after each attempt.</param>
    internal RedisLink(RedisOptions options, TimeProvider time, Backoff backoff, Action<RespValue>? push, Func<RespConnection, CancellationToken, Task> use, Action<string> down) =>
        (_options, _time, _backoff, _push, _use, _down) = (options, time, backoff, push, use, down);

    /// <summary>The connection; null while there is none.</summary>
    internal RespConnection? Connection => _connection;

    /// <summary>Why there is none; null while there is, and before the first attempt.</summary>
    internal string? Reason => _reason;

    /// <summary>How often it was connected.</summary>
    internal long Connects => Interlocked.Read(ref _connects);

    internal async Task RunAsync(CancellationToken cancel)
    {
        for (var failures = 1; !cancel.IsCancellationRequested; failures++)
        {
            try
            {
                await using var connection = await RespConnection.OpenAsync(_options, _time, _push, cancel);
                (_connection, _reason, failures) = (connection, null, 0);
                Interlocked.Increment(ref _connects);
                await _use(connection, cancel);
            }
            catch (Exception e) when (e is IOException or OperationCanceledException)
            {
                _reason = cancel.IsCancellationRequested ? "closed" : e.Message;
            }

            _connection = null;
            if (cancel.IsCancellationRequested) return;
            _down(_reason ?? "the connection ended");
            await Task.Delay(_backoff.After(Math.Max(1, failures)), _time, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
