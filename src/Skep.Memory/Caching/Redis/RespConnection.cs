using System.Buffers;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Skep.Memory.Caching;

/// <summary>
/// One connection to a Redis. Commands are pipelined: each is sent at once, together with those that came meanwhile, and replies come in the same order. A command
/// that is late ends the connection, because all replies behind it would be late, too.
/// </summary>
internal sealed class RespConnection : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly RedisOptions _options;
    private readonly TimeProvider _time;
    private readonly Stream _stream;
    private readonly Action<RespValue>? _push;
    private readonly Queue<TaskCompletionSource<RespValue>> _pending = new();
    private readonly TaskCompletionSource<string> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ArrayBufferWriter<byte> _filling = new(4_096);
    private ArrayBufferWriter<byte> _sending = new(4_096);
    private bool _isSending;
    private Task _reading = Task.CompletedTask;

    private RespConnection(RedisOptions options, TimeProvider time, Stream stream, Action<RespValue>? push) => (_options, _time, _stream, _push) = (options, time, stream, push);

    /// <summary>Completes with the reason when the connection has ended.</summary>
    internal Task<string> Ended => _ended.Task;

    /// <summary>Connects and introduces itself.</summary>
    /// <param name="options">Where, and as whom.</param>
    /// <param name="time">The clock.</param>
    /// <param name="push">Takes what the server says without being asked; called by one thread at a time.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="IOException">It cannot be used; the message says why, without secrets.</exception>
    internal static async Task<RespConnection> OpenAsync(RedisOptions options, TimeProvider time, Action<RespValue>? push, CancellationToken cancel)
    {
        using var late = new CancellationTokenSource(options.ConnectTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancel);
        Stream? stream = null;
        try
        {
            stream = await StreamAsync(options, either.Token);
            var connection = new RespConnection(options, time, stream, push);
            connection._reading = connection.ReadAsync();
            await connection.GreetAsync(either.Token);
            return connection;
        }
        catch (Exception e) when (e is IOException or SocketException or AuthenticationException or OperationCanceledException or TimeoutException)
        {
            if (stream is not null) await stream.DisposeAsync();
            cancel.ThrowIfCancellationRequested();
            throw Explain(e, options);
        }
    }

    /// <summary>Sends a command.</summary>
    /// <exception cref="IOException">There is no reply: the connection has ended, or too many wait already.</exception>
    internal async Task<RespValue> AskAsync(ReadOnlyMemory<byte>[] command, CancellationToken cancel)
    {
        var reply = Send(command);
        try
        {
            return await reply.WaitAsync(_options.CommandTimeout, _time, cancel);
        }
        catch (TimeoutException e)
        {
            var reason = $"no reply within {_options.CommandTimeout.TotalMilliseconds:0} ms";
            End(reason);
            throw new IOException(reason, e);
        }
    }

    /// <summary>Sends what has no reply of its own.</summary>
    internal void Tell(ReadOnlyMemory<byte>[] command) => Enqueue(command, null);

    public async ValueTask DisposeAsync()
    {
        End("closed");
        await _reading;
        await _stream.DisposeAsync();
    }

    internal Task<RespValue> Send(ReadOnlyMemory<byte>[] command)
    {
        var reply = new TaskCompletionSource<RespValue>(TaskCreationOptions.RunContinuationsAsynchronously);
        Enqueue(command, reply);
        return reply.Task;
    }

    private void Enqueue(ReadOnlyMemory<byte>[] command, TaskCompletionSource<RespValue>? reply)
    {
        lock (_gate)
        {
            if (_ended.Task.IsCompleted) throw new IOException(_ended.Task.Result);
            if (_pending.Count >= _options.MaxPending || _filling.WrittenCount > _options.MaxRecordBytes * 4L) throw new IOException($"{_pending.Count} commands wait for their replies already");
            RespCommand.Write(_filling, command);
            if (reply is not null) _pending.Enqueue(reply);
            if (_isSending) return;
            _isSending = true;
        }

        _ = SendAsync();
    }

    private async Task SendAsync()
    {
        try
        {
            while (Next() is { } part)
            {
                await _stream.WriteAsync(part);
                await _stream.FlushAsync();
            }
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            End(e.Message);
        }
    }

    private ReadOnlyMemory<byte>? Next()
    {
        lock (_gate)
        {
            if (_filling.WrittenCount == 0 || _ended.Task.IsCompleted)
            {
                _isSending = false;
                return null;
            }

            (_filling, _sending) = (_sending, _filling);
            _filling.ResetWrittenCount();
            return _sending.WrittenMemory;
        }
    }

    private async Task ReadAsync()
    {
        await Task.Yield();
        var parser = new RespParser(_options.MaxRecordBytes);
        var (buffer, filled, wanted) = (new byte[4_096], 0, 1);
        try
        {
            while (true)
            {
                if (wanted > buffer.Length) Array.Resize(ref buffer, Math.Max(wanted, buffer.Length * 2));
                var count = await _stream.ReadAsync(buffer.AsMemory(filled));
                if (count == 0) throw new IOException("the server closed the connection");
                filled += count;
                var at = 0;
                while (filled - at >= wanted)
                {
                    if (!parser.TryRead(buffer.AsSpan(at, filled - at), out var value, out var used))
                    {
                        if (used > _options.MaxRecordBytes + RespParser.MaxLine) throw new RespException($"Redis sent a reply of more than {_options.MaxRecordBytes} bytes");
                        wanted = used;
                        break;
                    }

                    at += used;
                    wanted = 1;
                    Take(value);
                }

                buffer.AsSpan(at, filled - at).CopyTo(buffer);
                filled -= at;
            }
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            End(e.Message);
        }
    }

    private void Take(RespValue value)
    {
        if (value.Kind == RespKind.Push)
        {
            _push?.Invoke(value);
            return;
        }

        TaskCompletionSource<RespValue>? reply;
        lock (_gate)
        {
            if (!_pending.TryDequeue(out reply)) throw new RespException("Redis sent a reply that nobody asked for");
        }

        reply.TrySetResult(value);
    }

    private void End(string reason)
    {
        lock (_gate)
        {
            if (!_ended.TrySetResult(reason)) return;
            while (_pending.TryDequeue(out var reply))
            {
                reply.TrySetException(new IOException(reason));
                _ = reply.Task.Exception; // Whoever waited for it may have gone.
            }
        }

        _stream.Dispose(); // Ends the reading.
    }

    private async Task GreetAsync(CancellationToken cancel)
    {
        var hello = _options.Password is { } password ? RespCommand.Parts("HELLO", "3", "AUTH", _options.User ?? "default", password) : RespCommand.Parts("HELLO", "3");
        Accept(await Send(hello).WaitAsync(cancel), "HELLO 3");
        if (_options.Database != 0) Accept(await Send(RespCommand.Parts("SELECT", $"{_options.Database}")).WaitAsync(cancel), "SELECT");
    }

    private static IOException Explain(Exception e, RedisOptions options) => e switch
    {
        OperationCanceledException or TimeoutException => new IOException($"no answer within {options.ConnectTimeout.TotalSeconds:0.###} s", e),
        AuthenticationException => new IOException($"TLS failed: {e.Message}; see {RedisOptions.AuthorityVariable}", e),
        _ => new IOException(e.Message, e),
    };

    /// <summary>Shows of an error its first word only: old servers repeat the arguments of what they do not know, and those are secret.</summary>
    private static void Accept(RespValue reply, string command)
    {
        if (reply.Kind != RespKind.Error) return;
        var word = new string([.. reply.Text.TakeWhile(static c => c is >= 'A' and <= 'Z').Take(20)]);
        var hint = word switch
        {
            "WRONGPASS" or "NOAUTH" or "NOPERM" => $"see {RedisOptions.UserVariable} and {RedisOptions.PasswordVariable}",
            _ => "Redis 6 or newer is needed",
        };
        throw new IOException($"{command} was refused with {word}: {hint}");
    }

    private static async Task<Stream> StreamAsync(RedisOptions options, CancellationToken cancel)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(options.Host, options.Port, cancel);
            var plain = new NetworkStream(socket, ownsSocket: true);
            return options.Tls ? await EncryptAsync(plain, options, cancel) : plain;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static async Task<SslStream> EncryptAsync(Stream plain, RedisOptions options, CancellationToken cancel)
    {
        var tls = new SslClientAuthenticationOptions { TargetHost = options.Host };
        if (options.AuthorityFile is { } file)
        {
            tls.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            try
            {
                tls.CertificateChainPolicy.CustomTrustStore.ImportFromPemFile(file);
            }
            catch (Exception e) when (e is System.Security.Cryptography.CryptographicException or UnauthorizedAccessException or IOException)
            {
                throw new IOException($"the file that {RedisOptions.AuthorityVariable} names cannot be read as certificates (PEM): {e.Message}", e);
            }
        }

        var stream = new SslStream(plain);
        await stream.AuthenticateAsClientAsync(tls, cancel);
        return stream;
    }
}
