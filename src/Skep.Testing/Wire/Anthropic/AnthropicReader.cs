using System.Text.Json;

namespace Skep.Testing.Wire.Anthropic;

/// <summary>Reads and checks the body of a message request; its messages are <see cref="AnthropicMessages"/>' work.</summary>
internal static class AnthropicReader
{
    private const int LongestToolName = 128;
    private const int SmallestThinkingBudget = 1024;
    private const int MostCacheMarks = 4;

    private static readonly HashSet<string> Known = new(StringComparer.Ordinal)
    {
        "model", "messages", "max_tokens", "system", "metadata", "stop_sequences", "stream", "temperature", "top_k", "top_p", "tools", "tool_choice", "thinking",
        "service_tier", "container", "mcp_servers", "context_management", "output_config", "output_format", "inference_geo", "cache_control",
    };

    /// <summary>Reads a request.</summary>
    /// <exception cref="WireRefusal">The real server refuses it.</exception>
    public static ModelRequest Read(WireRequest request, string? agent)
    {
        if (request.Header("anthropic-version") is null) throw WireRefusal.Invalid("anthropic-version: header is required");
        using var document = JsonIn.Parse(request.Body) ?? throw WireRefusal.Invalid("The request body is not valid JSON: expected an object");
        var body = document.RootElement;
        Check(body);
        var tools = Tools(body);
        var messages = AnthropicMessages.Read(body.Items("messages"), Thinks(body));
        if (tools.Count == 0 && messages.Any(m => m.Calls.Count + m.Results.Count > 0))
            throw WireRefusal.Invalid("Requests which include `tool_use` or `tool_result` blocks must define tools");
        return new ModelRequest
        {
            Wire = ModelWire.Anthropic,
            Model = body.Text("model")!,
            System = AnthropicMessages.System(body),
            Messages = messages,
            Tools = tools,
            Temperature = body.Number("temperature"),
            MaxTokens = body.Whole("max_tokens"),
            ApiKey = Headers.ApiKey(request),
            Agent = agent ?? body.Get("metadata")?.Text("user_id"),
            Headers = request.Headers,
            Stream = body.IsTrue("stream"),
            IncludeUsage = true,
            ResponseSchema = (body.Get("output_config")?.Get("format") ?? body.Get("output_format"))?.Get("schema")?.GetRawText(),
            Body = request.Body,
        };
    }

    private static void Check(JsonElement body)
    {
        foreach (var property in body.EnumerateObject())
            if (!Known.Contains(property.Name)) throw WireRefusal.Invalid($"{property.Name}: Extra inputs are not permitted");
        if (string.IsNullOrEmpty(body.Text("model"))) throw WireRefusal.Invalid("model: Field required");
        if (body.Get("max_tokens") is null) throw WireRefusal.Invalid("max_tokens: Field required");
        if (body.Whole("max_tokens") is not { } longest) throw WireRefusal.Invalid("max_tokens: Input should be a valid integer");
        if (longest < 1) throw WireRefusal.Invalid("max_tokens: Input should be greater than or equal to 1");
        if (body.Get("messages") is not { } messages) throw WireRefusal.Invalid("messages: Field required");
        if (messages.ValueKind != JsonValueKind.Array) throw WireRefusal.Invalid("messages: Input should be a valid list");
        if (messages.GetArrayLength() == 0) throw WireRefusal.Invalid("messages: at least one message is required");
        CheckTemperature(body);
        CheckThinking(body, longest);
        if (body.Get("tool_choice") is not null && body.Items("tools").Count == 0) throw WireRefusal.Invalid("tool_choice: may only be specified while providing `tools`");
        if (CacheMarks(body) is var marks && marks > MostCacheMarks)
            throw WireRefusal.Invalid($"A maximum of {MostCacheMarks} blocks with cache_control may be provided. Found {marks}.");
    }

    private static void CheckTemperature(JsonElement body)
    {
        if (body.Get("temperature") is not { } temperature) return;
        if (temperature.ValueKind != JsonValueKind.Number) throw WireRefusal.Invalid("temperature: Input should be a valid number");
        if (temperature.GetDouble() is < 0 or > 1) throw WireRefusal.Invalid("temperature: range: 0..1");
    }

    private static bool Thinks(JsonElement body) => body.Get("thinking")?.Text("type") is "enabled" or "adaptive";

    private static void CheckThinking(JsonElement body, long longest)
    {
        if (body.Get("thinking") is not { } thinking || thinking.Text("type") != "enabled") return;
        if (thinking.Whole("budget_tokens") is not { } budget) throw WireRefusal.Invalid("thinking.enabled.budget_tokens: Field required");
        if (budget < SmallestThinkingBudget) throw WireRefusal.Invalid($"thinking.enabled.budget_tokens: Input should be greater than or equal to {SmallestThinkingBudget}");
        if (longest <= budget) throw WireRefusal.Invalid("`max_tokens` must be greater than `thinking.budget_tokens`.");
        if (body.Number("temperature") is { } temperature && Math.Abs(temperature - 1) > double.Epsilon)
            throw WireRefusal.Invalid("`temperature` may only be set to 1 when thinking is enabled.");
    }

    private static List<string> Tools(JsonElement body)
    {
        List<string> names = [];
        foreach (var tool in body.Items("tools"))
        {
            var name = tool.Text("type") is null or "custom" ? CustomTool(tool, $"tools.{names.Count}.custom") : tool.Text("name") ?? "";
            if (names.Contains(name)) throw WireRefusal.Invalid("tools: Tool names must be unique.");
            names.Add(name);
        }

        return names;
    }

    private static string CustomTool(JsonElement tool, string at)
    {
        var name = tool.Text("name") ?? throw WireRefusal.Invalid($"{at}.name: Field required");
        if (!JsonIn.IsToolName(name, LongestToolName)) throw WireRefusal.Invalid($"{at}.name: String should match pattern '^[a-zA-Z0-9_-]{{1,{LongestToolName}}}$'");
        if (tool.Get("input_schema") is not { } schema) throw WireRefusal.Invalid($"{at}.input_schema: Field required");
        if (schema.ValueKind != JsonValueKind.Object) throw WireRefusal.Invalid($"{at}.input_schema: Input should be a valid dictionary");
        if (schema.Text("type") is not { } type) throw WireRefusal.Invalid($"{at}.input_schema.type: Field required");
        if (type != "object") throw WireRefusal.Invalid($"{at}.input_schema.type: Input should be 'object'");
        return name;
    }

    /// <summary>Blocks of system, tools and messages with <c>cache_control</c>.</summary>
    private static int CacheMarks(JsonElement body)
    {
        var blocks = body.Items("system").Concat(body.Items("tools")).Concat(body.Items("messages").SelectMany(m => m.Items("content")));
        return blocks.Count(b => b.Get("cache_control") is not null);
    }
}
