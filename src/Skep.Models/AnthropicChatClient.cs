using System.Text.Json;
using Microsoft.Extensions.AI;
using Skep.Models.Endpoints;
using Skep.Models.Wire;
using Skep.Models.Wire.Anthropic;

namespace Skep.Models;

/// <summary>
/// Speaks Anthropic's messages. Reasoning goes back with its signature (<see cref="TextReasoningContent.ProtectedData"/>); a response format is not sent, see
/// the remarks.
/// </summary>
/// <remarks>
/// A <see cref="ChatOptions.ResponseFormat"/> is left out, because not all models take one: who wants JSON says so in the prompt and checks the answer.
/// When a call names no longest answer, 8192 tokens are asked for, because the format demands a number. System messages behind the first other message
/// are sent in place, as a user's text between <c>&lt;system&gt;</c> marks.
/// </remarks>
/// <param name="http">Sends the requests; not disposed. Its own time limit, if it has one, should be off.</param>
/// <param name="endpoint">Where to.</param>
/// <param name="key">The key; null: none is sent.</param>
/// <param name="model">The model when a call names none; null: the endpoint's.</param>
/// <param name="options">How long it waits, and how much it takes.</param>
/// <param name="time">Clock of the waiting; null: the system's.</param>
/// <param name="limits">Hears what the provider says about its limits.</param>
public sealed class AnthropicChatClient(HttpMessageInvoker http, ModelEndpoint endpoint, string? key = null, string? model = null,
    ModelClientOptions? options = null, TimeProvider? time = null, IRateLimitObserver? limits = null)
    : HttpChatClient(http, endpoint, key, model, options, time, limits)
{
    /// <summary>The version of the format that is spoken; an endpoint's own header <c>anthropic-version</c> takes its place.</summary>
    public const string Version = "2023-06-01";

    private protected override string DefaultKeyHeader => "x-api-key";

    private protected override void AddHeaders(HttpRequestMessage request)
    {
        if (!request.Headers.Contains("anthropic-version")) request.Headers.TryAddWithoutValidation("anthropic-version", Version);
    }

    private protected override void WriteBody(Utf8JsonWriter json, string model, IEnumerable<ChatMessage> messages, ChatOptions? options) =>
        AnthropicRequest.Write(json, model, messages, options, Options.PromptCaching && Endpoint.PromptCaching);

    private protected override StreamDecoder NewDecoder() => new AnthropicDecoder(Options.MaxToolCalls);
}
