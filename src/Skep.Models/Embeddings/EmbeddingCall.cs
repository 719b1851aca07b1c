using System.Buffers;
using Skep.Models.Faults;

namespace Skep.Models.Embeddings;

/// <summary>One request whose answer comes whole: sends it, waits no longer than allowed, and reads no more than allowed.</summary>
internal sealed class EmbeddingCall : IDisposable
{
    private const int FirstBuffer = 64 * 1024;

    private readonly HttpMessageInvoker _http;
    private readonly FaultReporter _faults;
    private readonly ModelClientOptions _options;
    private readonly IRateLimitObserver? _observer;
    private readonly string _model;
    private readonly CancellationToken _cancel;
    private readonly CancellationTokenSource _patience;
    private readonly CancellationTokenRegistration _registration;

    public EmbeddingCall(HttpMessageInvoker http, FaultReporter faults, ModelClientOptions options, TimeProvider time, IRateLimitObserver? observer, string model, CancellationToken cancel)
    {
        (_http, _faults, _options, _observer, _model, _cancel) = (http, faults, options, observer, model, cancel);
        _patience = new(options.FirstPieceTimeout, time);
        _registration = cancel.UnsafeRegister(static state => ((CancellationTokenSource)state!).Cancel(), _patience);
    }

    /// <summary>The provider's id of the request.</summary>
    public string? RequestId { get; private set; }

    /// <summary>Sends the request and reads the answer.</summary>
    /// <exception cref="ModelException">There is no good one.</exception>
    public async Task<ReadOnlyMemory<byte>> AskAsync(HttpRequestMessage request)
    {
        try
        {
            // An HttpClient would read the whole answer first, whatever its length.
            using var response = _http is HttpClient client
                ? await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, _patience.Token)
                : await _http.SendAsync(request, _patience.Token);
            RequestId = _faults.RequestId(response.Headers);
            if (_faults.Limits(response.Headers) is { } limits) _observer?.Observe(limits);
            if (response.IsSuccessStatusCode) return await ReadAsync(response, _options.MaxAnswerBytes, mayCut: false);
            var body = await ReadAsync(response, _options.MaxErrorBytes, mayCut: true);
            throw _faults.OfAnswer((int)response.StatusCode, response.Headers, ErrorBody.Parse(body), _model);
        }
        catch (OperationCanceledException cancelled)
        {
            if (_cancel.IsCancellationRequested) throw new OperationCanceledException(cancelled.Message, cancelled, _cancel);
            throw _patience.IsCancellationRequested
                ? _faults.Of(ModelFault.TimedOut, $"no answer came within {_options.FirstPieceTimeout.TotalSeconds:0.###} s. Try again, or wait longer (FirstPieceTimeout)", RequestId, cancelled)
                : _faults.Of(ModelFault.Unreachable, "no connection came about in time. Check that the server runs and the base URL is right", RequestId, cancelled);
        }
        catch (HttpRequestException failed)
        {
            throw _faults.OfConnection(failed);
        }
        catch (IOException failed)
        {
            throw _faults.Of(ModelFault.Unreachable, $"the connection broke before the answer was whole: {failed.Message}. It is worth another try", RequestId, failed);
        }
    }

    public void Dispose()
    {
        _registration.Dispose();
        _patience.Dispose();
    }

    private async Task<ReadOnlyMemory<byte>> ReadAsync(HttpResponseMessage response, long most, bool mayCut)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(_patience.Token);
        var body = new ArrayBufferWriter<byte>(FirstBuffer);
        while (body.WrittenCount <= most)
        {
            var count = await stream.ReadAsync(body.GetMemory(FirstBuffer), _patience.Token);
            if (count == 0) return body.WrittenMemory;
            body.Advance(count);
        }

        return mayCut ? body.WrittenMemory[..(int)most]
            : throw _faults.Of(ModelFault.Malformed, $"the answer is longer than {most} bytes. Ask for fewer texts at once, or take more (MaxAnswerBytes)", RequestId);
    }
}
