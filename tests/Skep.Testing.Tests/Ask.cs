using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Skep.Testing.Tests;

/// <summary>Requests in both formats, and what comes back, as little as tests need.</summary>
internal static class Ask
{
    public const string Tools = """[{"type":"function","function":{"name":"search","parameters":{"type":"object"}}},{"type":"function","function":{"name":"read","parameters":{"type":"object"}}}]""";
    public const string AnthropicTools = """[{"name":"search","input_schema":{"type":"object"}},{"name":"read","input_schema":{"type":"object"}}]""";

    public static HttpClient Client(ScriptedModel model) => new(new ScriptedModelHandler(model)) { BaseAddress = new Uri("http://model/"), Timeout = Timeout.InfiniteTimeSpan };

    public static HttpClient Client(ScriptedModelServer server) => new() { BaseAddress = server.BaseUrl, Timeout = TimeSpan.FromSeconds(60) };

    public static HttpRequestMessage OpenAi(string messages, string more = "", string? agent = null, string? key = null)
    {
        var request = Post("v1/chat/completions", $$"""{"model":"m","messages":{{messages}}{{more}}}""");
        if (agent is not null) request.Headers.Add("X-Skep-Agent", agent);
        if (key is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return request;
    }

    public static HttpRequestMessage Anthropic(string messages, string more = "")
    {
        var request = Post("v1/messages", $$"""{"model":"m","max_tokens":1000,"messages":{{messages}}{{more}}}""");
        request.Headers.Add("anthropic-version", "2023-06-01");
        return request;
    }

    public static HttpRequestMessage Post(string path, string body) =>
        new(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };

    public static string User(string text) => $$"""[{"role":"user","content":{{JsonSerializer.Serialize(text)}}}]""";

    public static async Task<(int Status, JsonElement Json)> JsonAsync(this HttpClient client, HttpRequestMessage request)
    {
        using var response = await client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return ((int)response.StatusCode, JsonDocument.Parse(text).RootElement);
    }

    /// <summary>The text of an answer in either format.</summary>
    public static async Task<string> TextAsync(this HttpClient client, HttpRequestMessage request)
    {
        var (status, json) = await client.JsonAsync(request);
        if (status != 200) return $"{status}: {json.GetProperty("error").GetProperty("message").GetString()}";
        return json.TryGetProperty("choices", out var choices)
            ? choices[0].GetProperty("message").GetProperty("content").GetString() ?? ""
            : string.Concat(json.GetProperty("content").EnumerateArray().Where(b => b.GetProperty("type").GetString() == "text").Select(b => b.GetProperty("text").GetString()));
    }

    /// <summary>All that can be read of a streamed answer, and why it ended.</summary>
    public static async Task<(string Text, Exception? Error)> StreamAsync(this HttpClient client, HttpRequestMessage request)
    {
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        await using var stream = await response.Content.ReadAsStreamAsync();
        using var all = new MemoryStream();
        try
        {
            await stream.CopyToAsync(all);
            return (Encoding.UTF8.GetString(all.ToArray()), null);
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            return (Encoding.UTF8.GetString(all.ToArray()), e);
        }
    }

    /// <summary>The data of the events of a stream, without the end mark.</summary>
    public static List<JsonElement> Events(string stream) =>
        [.. stream.Split('\n').Where(l => l.StartsWith("data: {", StringComparison.Ordinal)).Select(l => JsonDocument.Parse(l[6..]).RootElement)];
}
