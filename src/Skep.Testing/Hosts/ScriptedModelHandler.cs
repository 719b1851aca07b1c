using System.Net;
using System.Net.Http.Headers;
using Skep.Testing.Wire;

namespace Skep.Testing;

/// <summary>
/// A <see cref="ScriptedModel"/> behind an <see cref="HttpClient"/>, without a socket. Delays, and answers that never come, wait on the model's clock and end with the request's
/// cancellation; note that <see cref="HttpClient.Timeout"/> itself is on the real clock. Any base address will do.
/// </summary>
public sealed class ScriptedModelHandler(ScriptedModel model) : HttpMessageHandler
{
    /// <summary>The model.</summary>
    public ScriptedModel Model { get; } = model;

    /// <inheritdoc />
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var body = request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(cancellationToken);
        var path = request.RequestUri is { IsAbsoluteUri: true } uri ? uri.AbsolutePath : request.RequestUri?.OriginalString ?? "/";
        var reply = Model.Answer(new WireRequest(request.Method.Method, path, HeadersOf(request), body));
        var stream = new ReplyStream(reply, Model.Options.Time);
        var isBegun = false;
        try
        {
            var head = await stream.BeginAsync(cancellationToken);
            isBegun = true;
            return Response(request, head, stream);
        }
        finally
        {
            if (!isBegun) await stream.DisposeAsync();
        }
    }

    private static HttpResponseMessage Response(HttpRequestMessage request, WireHead head, ReplyStream stream)
    {
        var response = new HttpResponseMessage((HttpStatusCode)head.Status) { RequestMessage = request, Content = new StreamContent(stream) };
        response.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(head.ContentType);
        response.Content.Headers.ContentLength = head.Length;
        foreach (var (name, value) in head.Headers)
            if (!response.Headers.TryAddWithoutValidation(name, value)) response.Content.Headers.TryAddWithoutValidation(name, value);
        return response;
    }

    private static Dictionary<string, string> HeadersOf(HttpRequestMessage request)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, values) in request.Headers.NonValidated) headers[name] = values.ToString();
        if (request.Content is { } content)
            foreach (var (name, values) in content.Headers.NonValidated) headers[name] = values.ToString();
        return headers;
    }
}
