using Microsoft.Extensions.AI;
using Skep.Models.Endpoints;

namespace Skep.Models.Tests.Wire;

/// <summary>Clients of both formats over a handler of the test's own.</summary>
internal static class Clients
{
    public const string Key = "sk-test-0123456789abcdef";

    public static readonly ModelEndpoint OpenAIEndpoint = new("openai", ModelWire.OpenAI, new("https://api.openai.com/v1")) { KeyVariable = "OPENAI_API_KEY" };

    public static readonly ModelEndpoint AnthropicEndpoint = new("anthropic", ModelWire.Anthropic, new("https://api.anthropic.com")) { KeyVariable = "ANTHROPIC_API_KEY" };

    public static IChatClient Of(ModelWire wire, HttpMessageHandler server, ModelClientOptions? options = null, TimeProvider? time = null) =>
        wire == ModelWire.OpenAI ? OpenAI(server, options, time) : Anthropic(server, options, time);

    public static OpenAIChatClient OpenAI(HttpMessageHandler server, ModelClientOptions? options = null, TimeProvider? time = null) =>
        new(new HttpMessageInvoker(server), OpenAIEndpoint, Key, "gpt-4.1", options, time);

    public static AnthropicChatClient Anthropic(HttpMessageHandler server, ModelClientOptions? options = null, TimeProvider? time = null) =>
        new(new HttpMessageInvoker(server), AnthropicEndpoint, Key, "claude-sonnet-4-5", options, time);

    public static async Task<List<ChatResponseUpdate>> ReadAsync(IChatClient client, ChatOptions? options = null, CancellationToken cancel = default)
    {
        var updates = new List<ChatResponseUpdate>();
        await foreach (var update in client.GetStreamingResponseAsync([new(ChatRole.User, "hi")], options, cancel)) updates.Add(update);
        return updates;
    }

    public static Task<ModelException> FailsAsync(IChatClient client, ChatOptions? options = null) =>
        Assert.ThrowsAsync<ModelException>(() => ReadAsync(client, options));

    /// <summary>An answer in a form that can be compared: all that matters of it, a line each.</summary>
    public static string Print(IEnumerable<ChatResponseUpdate> updates)
    {
        var response = updates.ToChatResponse();
        var lines = new List<string> { $"id {response.ResponseId} model {response.ModelId} finish {response.FinishReason}" };
        foreach (var content in response.Messages.SelectMany(m => m.Contents)) lines.Add(Print(content));
        if (response.Usage is { } usage) lines.Add($"usage {TokenCount.FromUsage(usage)} reasoning {usage.ReasoningTokenCount}");
        return string.Join('\n', lines);
    }

    private static string Print(AIContent content) => content switch
    {
        TextContent text => $"text {text.Text}",
        TextReasoningContent thought => $"thought {thought.Text} [{thought.ProtectedData}]",
        FunctionCallContent call => $"call {call.CallId} {call.Name}({string.Join(", ", (call.Arguments ?? new Dictionary<string, object?>()).Select(a => $"{a.Key}={a.Value}"))})"
            + (call.Exception is null ? "" : " malformed " + call.AdditionalProperties![ModelProperties.RawArguments]),
        _ => content.GetType().Name,
    };
}
