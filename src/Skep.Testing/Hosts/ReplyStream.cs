using Skep.Testing.Wire;

namespace Skep.Testing;

/// <summary>The body of an answer that is played while it is read. A read never returns more than one write of the script.</summary>
internal sealed class ReplyStream(WireReply reply, TimeProvider time) : Stream
{
    private readonly IEnumerator<WireStep> _steps = reply.Steps.GetEnumerator();
    private readonly CancellationTokenSource _disposed = new();
    private ReadOnlyMemory<byte> _current;
    private bool _isBegun;
    private bool _isEnded;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Plays up to the head.</summary>
    /// <exception cref="HttpRequestException">The connection broke before it.</exception>
    public async Task<WireHead> BeginAsync(CancellationToken cancel)
    {
        while (_steps.MoveNext())
        {
            if (_steps.Current.Head is { } head)
            {
                _isBegun = true;
                return head;
            }

            if (_steps.Current.Kind == WireStepKind.Drop)
            {
                reply.Exchange?.Finish(ExchangeEnd.Dropped);
                throw new HttpRequestException(HttpRequestError.ResponseEnded, "The scripted model broke the connection before it sent headers.");
            }

            await WaitAsync(_steps.Current, cancel);
        }

        throw new InvalidOperationException("An answer without a head.");
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        while (_current.IsEmpty && !_isEnded) await StepAsync(cancellationToken);
        var count = Math.Min(buffer.Length, _current.Length);
        _current.Span[..count].CopyTo(buffer.Span);
        _current = _current[count..];
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc />
    /// <remarks>Blocks; under a virtual clock another thread must move it.</remarks>
    public override int Read(byte[] buffer, int offset, int count) => ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_disposed.IsCancellationRequested)
        {
            reply.Exchange?.Finish(IsAllRead() ? ExchangeEnd.Delivered : ExchangeEnd.Abandoned);
            _disposed.Cancel();
        }

        base.Dispose(disposing);
    }

    /// <summary>Readers of events stop at the end mark and do not wait for the end of the stream behind it.</summary>
    private bool IsAllRead() => _isBegun && !_isEnded && _current.IsEmpty && _steps.Current.Kind == WireStepKind.Write && !_steps.MoveNext();

    private async ValueTask StepAsync(CancellationToken cancel)
    {
        if (!_steps.MoveNext())
        {
            _isEnded = true;
            reply.Exchange?.Finish(ExchangeEnd.Delivered);
            return;
        }

        switch (_steps.Current.Kind)
        {
            case WireStepKind.Write:
                _current = _steps.Current.Bytes;
                break;
            case WireStepKind.Drop:
                reply.Exchange?.Finish(ExchangeEnd.Dropped);
                throw new HttpIOException(HttpRequestError.ResponseEnded, "The scripted model broke the connection.");
            default:
                await WaitAsync(_steps.Current, cancel);
                break;
        }
    }

    private async Task WaitAsync(WireStep step, CancellationToken cancel)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, _disposed.Token);
        try
        {
            await Task.Delay(step.Kind == WireStepKind.Hang ? Timeout.InfiniteTimeSpan : step.Delay, time, either.Token);
        }
        catch (OperationCanceledException e) when (_disposed.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            throw new ObjectDisposedException("The answer was closed while it was read.", e);
        }
    }
}
