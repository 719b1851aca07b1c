using System.Text.Json;
using Microsoft.Extensions.AI;
using Skep.Models.Endpoints;
using Skep.Models.Wire;
using Skep.Models.Wire.OpenAI;

namespace Skep.Models;

/// <summary>
/// Speaks OpenAI's chat completions, as OpenAI, vLLM, llama.cpp's server, Ollama and many hosted providers do. Reasoning is received
/// (<c>reasoning_content</c>, <c>reasoning</c>) but not sent back, because the format has no place for it.
/// </summary>
/// <param name="http">Sends the requests; not disposed. Its own time limit, if it has one, should be off.</param>
/// <param name="endpoint">Where to.</param>
/// <param name="key">The key; null: none is sent.</param>
/// <param name="model">The model when a call names none; null: the endpoint's.</param>
/// <param name="options">How long it waits, and how much it takes.</param>
/// <param name="time">Clock of the waiting; null: the system's.</param>
/// <param name="limits">Hears what the provider says about its limits.</param>
public sealed class OpenAIChatClient(HttpMessageInvoker http, ModelEndpoint endpoint, string? key = null, string? model = null,
    ModelClientOptions? options = null, TimeProvider? time = null, IRateLimitObserver? limits = null)
    : HttpChatClient(http, endpoint, key, model, options, time, limits)
{
    private protected override string DefaultKeyHeader => EndpointRequest.BearerHeader;

    private protected override void WriteBody(Utf8JsonWriter json, string model, IEnumerable<ChatMessage> messages, ChatOptions? options) =>
        OpenAIRequest.Write(json, model, messages, options, Endpoint.NewTokenLimitName);

    private protected override StreamDecoder NewDecoder() => new OpenAIDecoder(Options.MaxToolCalls);
}
