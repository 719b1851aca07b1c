using System.Text;

namespace Skep.Testing;

/// <summary>
/// Passes requests on and writes them with their answers to a cassette, a file of JSON lines. An answer is written when it has been read to its end, has broken, or is
/// given up. Keys never reach the file. Thread-safe.
/// </summary>
public sealed class RecordingHandler : DelegatingHandler
{
    private readonly CassetteOptions _options;
    private readonly Masker _masker;
    private readonly StreamWriter _file;
    private readonly Lock _gate = new();
    private bool _isClosed;

    /// <summary>Begins a cassette; one that is there is replaced.</summary>
    /// <param name="path">The file.</param>
    /// <param name="inner">Answers in truth.</param>
    /// <param name="options">What is kept.</param>
    /// <exception cref="ArgumentException">A secret is too short.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public RecordingHandler(string path, HttpMessageHandler inner, CassetteOptions? options = null)
        : base(inner)
    {
        _options = options ?? CassetteOptions.Default;
        _masker = new Masker(_options);
        _file = new StreamWriter(path, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { NewLine = "\n", AutoFlush = true };
    }

    /// <inheritdoc />
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        if (body.Length > _options.MaxBodyBytes) throw TooLong("request");
        var headers = Flatten(request.Headers, request.Content);
        var response = await base.SendAsync(request, cancellationToken);
        var taken = new Taken(request.Method.Method, request.RequestUri!.PathAndQuery, headers, body, Masker.Keys(headers), response);
        // Handlers give no null, but an empty content is not readable in a useful way.
        var content = response.Content;
        var copy = new StreamContent(new CopyingStream(await content.ReadAsStreamAsync(cancellationToken), _options.MaxBodyBytes, (bytes, isBroken) => Write(taken, bytes, isBroken)));
        foreach (var (name, values) in content.Headers.NonValidated) copy.Headers.TryAddWithoutValidation(name, (IEnumerable<string>)values);
        response.Content = copy;
        return response;
    }

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            lock (_gate)
            {
                _isClosed = true;
                _file.Dispose();
            }
        }

        base.Dispose(disposing);
    }

    private void Write(Taken taken, ReadOnlyMemory<byte> answer, bool isBroken)
    {
        var keys = taken.Keys;
        var entry = new CassetteEntry(
            taken.Method,
            _masker.Text(taken.Path, keys),
            _masker.Text(taken.Body, keys),
            (int)taken.Response.StatusCode,
            _masker.Text(Encoding.UTF8.GetString(answer.Span), keys))
        {
            RequestHeaders = _masker.Headers(taken.Headers, keys),
            AnswerHeaders = _masker.Headers(Flatten(taken.Response.Headers, taken.Response.Content), keys),
            IsBroken = isBroken,
        };
        lock (_gate)
        {
            if (!_isClosed) _file.WriteLine(entry.ToLine());
        }
    }

    private static List<KeyValuePair<string, string>> Flatten(System.Net.Http.Headers.HttpHeaders headers, HttpContent? content)
    {
        List<KeyValuePair<string, string>> all = [.. headers.NonValidated.Select(h => new KeyValuePair<string, string>(h.Key, h.Value.ToString()))];
        if (content is not null) all.AddRange(content.Headers.NonValidated.Select(h => new KeyValuePair<string, string>(h.Key, h.Value.ToString())));
        return all;
    }

    private InvalidOperationException TooLong(string what) =>
        new($"The {what} is longer than the {_options.MaxBodyBytes} bytes that a cassette takes; raise {nameof(CassetteOptions)}.{nameof(CassetteOptions.MaxBodyBytes)}.");

    private sealed record Taken(string Method, string Path, List<KeyValuePair<string, string>> Headers, string Body, IReadOnlyList<string> Keys, HttpResponseMessage Response);
}
