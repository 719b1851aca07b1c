using System.Buffers;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Skep.Models.Faults;
using Skep.Models.Wire.Sse;

namespace Skep.Models.Wire;

/// <summary>One call while it lasts: sends the request, waits no longer than allowed, and makes updates of what comes.</summary>
internal sealed class ModelCall : IDisposable
{
    private readonly HttpMessageInvoker _http;
    private readonly FaultReporter _faults;
    private readonly ModelClientOptions _options;
    private readonly IRateLimitObserver? _observer;
    private readonly string _model;
    private readonly CancellationToken _cancel;
    private readonly CancellationTokenSource _patience;
    private readonly CancellationTokenRegistration _registration;
    private readonly List<AIContent> _contents = [];
    private StreamDecoder _decoder = null!;
    private HttpResponseMessage? _response;
    private Stream? _stream;
    private SseParser? _parser;
    private string? _requestId;
    private RateLimits? _limits;
    private long _bytes;
    private bool _isFirst = true;
    private bool _finished;
    private bool _atEnd;

    public ModelCall(HttpMessageInvoker http, FaultReporter faults, ModelClientOptions options, TimeProvider time, IRateLimitObserver? observer, string model, CancellationToken cancel)
    {
        (_http, _faults, _options, _observer, _model, _cancel) = (http, faults, options, observer, model, cancel);
        _patience = new(options.FirstPieceTimeout, time);
        _registration = cancel.UnsafeRegister(static state => ((CancellationTokenSource)state!).Cancel(), _patience);
    }

    /// <summary>Sends the request and looks at the head of the answer.</summary>
    public async Task SendAsync(HttpRequestMessage request, StreamDecoder decoder)
    {
        _decoder = decoder;
        try
        {
            _response = _http is HttpClient client
                ? await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, _patience.Token)
                : await _http.SendAsync(request, _patience.Token);
            (_requestId, _limits) = (_faults.RequestId(_response.Headers), _faults.Limits(_response.Headers));
            if (_limits is not null) _observer?.Observe(_limits);
            if (!_response.IsSuccessStatusCode || !IsStream(_response)) throw await RefusalAsync(_response);
            _stream = await _response.Content.ReadAsStreamAsync(_patience.Token);
            _patience.CancelAfter(Timeout.InfiniteTimeSpan);
            _parser = new(_options.MaxFrameBytes);
        }
        catch (OperationCanceledException cancelled)
        {
            throw GaveUp(cancelled, $"no answer began within {_options.FirstPieceTimeout.TotalSeconds:0.###} s. Try again, or wait longer (FirstPieceTimeout)");
        }
        catch (HttpRequestException failed)
        {
            throw _faults.OfConnection(failed);
        }
        catch (IOException failed)
        {
            throw _faults.Of(ModelFault.Unreachable, $"the connection broke before there was an answer: {failed.Message}. It is worth another try", _requestId, failed);
        }
    }

    /// <summary>The next update; null at the end of the answer.</summary>
    public async ValueTask<ChatResponseUpdate?> NextAsync()
    {
        while (!_finished)
        {
            if (_decoder.Ended) return Finish();
            if (!TryFrame())
            {
                if (!await FillAsync()) throw Dropped(null);
            }
            else if (_contents.Count > 0)
            {
                return Update();
            }
        }

        return null;
    }

    public void Dispose()
    {
        _registration.Dispose();
        _parser?.Dispose();
        _stream?.Dispose();
        _response?.Dispose();
        _patience.Dispose();
    }

    private static bool IsStream(HttpResponseMessage response) =>
        response.Content.Headers.ContentType?.MediaType is not ("application/json" or "application/problem+json" or "text/html");

    private bool TryFrame()
    {
        try
        {
            if (!_parser!.TryRead()) return false;
            _decoder.Accept(_parser.Data, _parser.IsError, _contents);
        }
        catch (FrameTooLongException wrong)
        {
            throw Broken(ModelFault.Malformed, $"{wrong.Message}. A larger MaxFrameBytes takes it");
        }
        catch (TooManyCallsException wrong)
        {
            throw Broken(ModelFault.Malformed, $"{wrong.Message}. A larger MaxToolCalls takes it");
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            // What was cut off in the middle of a frame is no fault of who wrote it.
            throw _atEnd ? Dropped(wrong) : Broken(ModelFault.Malformed, $"a frame of the stream is not what the format says ({wrong.Message}): {_faults.Quote(Quote())}", wrong);
        }

        if (_decoder.Error is { } error) throw WithUsage(_faults.OfStream(error, _model, _requestId));
        return true;
    }

    // False when there is nothing more. The end of the stream ends a line and a frame: what is whole was paid for, and some servers leave the last blank line out.
    private async ValueTask<bool> FillAsync()
    {
        if (_atEnd) return false;
        var count = await ReadAsync(_parser!.Space());
        _bytes += count;
        if (_bytes > _options.MaxAnswerBytes) throw Broken(ModelFault.Malformed, $"the answer is longer than {_options.MaxAnswerBytes} bytes. A larger MaxAnswerBytes takes it");
        if (count == 0)
        {
            _atEnd = true;
            "\n\n"u8.CopyTo(_parser.Space().Span);
            count = 2;
        }

        _parser.Filled(count);
        return true;
    }

    // The clock runs only while something is waited for: a caller may take its time between two pieces.
    private async ValueTask<int> ReadAsync(Memory<byte> space)
    {
        try
        {
            var read = _stream!.ReadAsync(space, _patience.Token);
            if (read.IsCompletedSuccessfully) return read.Result;
            _patience.CancelAfter(_options.IdleTimeout);
            var count = await read;
            _patience.CancelAfter(Timeout.InfiniteTimeSpan);
            return count;
        }
        catch (OperationCanceledException cancelled)
        {
            throw GaveUp(cancelled, $"nothing came for {_options.IdleTimeout.TotalSeconds:0.###} s in the middle of the answer. Try again, or wait longer (IdleTimeout)");
        }
        catch (Exception failed) when (failed is IOException or HttpRequestException)
        {
            throw Dropped(failed);
        }
    }

    private ChatResponseUpdate Update()
    {
        var update = new ChatResponseUpdate(ChatRole.Assistant, [.. _contents])
        {
            ResponseId = _decoder.ResponseId,
            MessageId = _decoder.ResponseId,
            ModelId = _decoder.ModelId,
        };
        _contents.Clear();
        if (!_isFirst) return update;
        _isFirst = false;
        if (_requestId is null && _limits is null) return update;
        update.AdditionalProperties = [];
        if (_requestId is not null) update.AdditionalProperties[ModelProperties.RequestId] = _requestId;
        if (_limits is not null) update.AdditionalProperties[ModelProperties.RateLimits] = _limits;
        return update;
    }

    private ChatResponseUpdate Finish()
    {
        _finished = true;
        _decoder.Complete(_contents);
        if (_decoder.Refusal is { } why) throw Broken(ModelFault.Filtered, $"the model refuses to answer this: \"{_faults.Quote(why)}\". Change what is asked; the same request will be refused again");
        if (_decoder.Usage is { } usage) _contents.Add(new UsageContent(usage));
        var last = Update();
        last.FinishReason = _decoder.FinishReason;
        return last;
    }

    private async Task<ModelException> RefusalAsync(HttpResponseMessage response)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(_options.MaxErrorBytes);
        try
        {
            var body = ErrorBody.Parse(buffer.AsMemory(0, await ReadBodyAsync(response, buffer.AsMemory(0, _options.MaxErrorBytes))));
            if (!response.IsSuccessStatusCode) return _faults.OfAnswer((int)response.StatusCode, response.Headers, body, _model);
            if (body.Type is not null || body.Code is not null) return _faults.OfStream(body, _model, _requestId);
            return _faults.Of(ModelFault.Malformed,
                $"the answer is {response.Content.Headers.ContentType} and not an event stream: \"{_faults.Quote(body.Message)}\". Check that the base URL is that of a model server that can stream", _requestId);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // The status says more than a body that does not come.
    private async Task<int> ReadBodyAsync(HttpResponseMessage response, Memory<byte> buffer)
    {
        var length = 0;
        try
        {
            var stream = await response.Content.ReadAsStreamAsync(_patience.Token);
            _patience.CancelAfter(_options.IdleTimeout);
            while (length < buffer.Length && await stream.ReadAsync(buffer[length..], _patience.Token) is > 0 and var count) length += count;
        }
        catch (Exception failed) when (failed is IOException or HttpRequestException || failed is OperationCanceledException && !_cancel.IsCancellationRequested)
        {
        }

        return length;
    }

    private Exception GaveUp(OperationCanceledException cancelled, string what)
    {
        if (_cancel.IsCancellationRequested) return new OperationCanceledException(cancelled.Message, cancelled, _cancel);
        return _patience.IsCancellationRequested
            ? Broken(ModelFault.TimedOut, what, cancelled)
            : Broken(ModelFault.Unreachable, "no connection came about in time. Check that the server runs and the base URL is right", cancelled);
    }

    private ModelException Dropped(Exception? inner) =>
        Broken(ModelFault.StreamDropped, $"the stream ended in the middle of the answer{(inner is IOException ? $" ({inner.Message})" : "")}. It is worth another try", inner);

    private ModelException Broken(ModelFault fault, string what, Exception? inner = null) => WithUsage(_faults.Of(fault, what, _requestId, inner));

    private ModelException WithUsage(ModelException failed) => _decoder.Usage is { } usage
        ? new(failed.Fault, failed.Message, failed.InnerException) { RequestId = failed.RequestId, RateLimits = _limits, Used = TokenCount.FromUsage(usage) }
        : failed;

    private string Quote() => System.Text.Encoding.UTF8.GetString(_parser!.Data.Span[..Math.Min(200, _parser.Data.Length)]);
}
