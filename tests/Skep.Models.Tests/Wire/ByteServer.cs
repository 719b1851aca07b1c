using System.Net;

namespace Skep.Models.Tests.Wire;

/// <summary>Answers requests with bytes, in the same process, and keeps what was asked.</summary>
internal sealed class ByteServer(Func<HttpResponseMessage> answer) : HttpMessageHandler
{
    public List<(HttpRequestMessage Request, string Body)> Asked { get; } = [];

    public string LastBody => Asked[^1].Body;

    public static ByteServer Streams(string text, StreamEnd end = StreamEnd.Eof) => Streams(() => PieceStream.Whole(text, end));

    public static ByteServer Streams(Func<Stream> stream, Action<HttpResponseMessage>? change = null) => new(() =>
    {
        var response = new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(stream()) };
        response.Content.Headers.TryAddWithoutValidation("content-type", "text/event-stream; charset=utf-8");
        change?.Invoke(response);
        return response;
    });

    public static ByteServer Refuses(int status, string body, params (string Name, string Value)[] headers) => new(() =>
    {
        var response = new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent(body) };
        response.Content.Headers.Remove("content-type");
        response.Content.Headers.TryAddWithoutValidation("content-type", "application/json");
        foreach (var (name, value) in headers) response.Headers.TryAddWithoutValidation(name, value);
        return response;
    });

    public static ByteServer Throws(Exception failure) => new(() => throw failure);

    public string? Header(string name) => Asked[^1].Request.Headers.TryGetValues(name, out var values) ? string.Join(",", values) : null;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Asked.Add((request, await request.Content!.ReadAsStringAsync(cancellationToken)));
        return answer();
    }
}
