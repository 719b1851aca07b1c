using System.Text.Json;

namespace Skep.Testing.Wire.OpenAi;

/// <summary>Reads and checks the body of a chat completion; its messages are <see cref="OpenAiMessages"/>' work.</summary>
internal static class OpenAiReader
{
    private const int LongestToolName = 64;

    private static readonly HashSet<string> Known = new(StringComparer.Ordinal)
    {
        "model", "messages", "stream", "stream_options", "max_tokens", "max_completion_tokens", "temperature", "top_p", "n", "stop", "presence_penalty",
        "frequency_penalty", "logit_bias", "logprobs", "top_logprobs", "user", "seed", "tools", "tool_choice", "parallel_tool_calls", "response_format",
        "service_tier", "store", "metadata", "reasoning_effort", "verbosity", "modalities", "audio", "prediction", "web_search_options", "prompt_cache_key",
        "safety_identifier", "prompt_cache_retention", "functions", "function_call",
    };

    /// <summary>Reads a request.</summary>
    /// <exception cref="WireRefusal">The real server refuses it.</exception>
    public static ModelRequest Read(WireRequest request, string? agent)
    {
        using var document = JsonIn.Parse(request.Body)
            ?? throw WireRefusal.Invalid("We could not parse the JSON body of your request. The OpenAI API expects a JSON payload, but what was sent was not valid JSON.");
        var body = document.RootElement;
        Check(body);
        var messages = OpenAiMessages.Read(body.Items("messages"));
        return new ModelRequest
        {
            Wire = ModelWire.OpenAi,
            Model = body.Text("model")!,
            System = messages.System,
            Messages = messages.Messages,
            Tools = Tools(body),
            Temperature = body.Number("temperature"),
            MaxTokens = body.Whole("max_completion_tokens") ?? body.Whole("max_tokens"),
            ApiKey = Headers.ApiKey(request),
            Agent = agent ?? body.Text("user"),
            Headers = request.Headers,
            Stream = body.IsTrue("stream"),
            IncludeUsage = body.Get("stream_options")?.IsTrue("include_usage") == true,
            ResponseSchema = Schema(body),
            Body = request.Body,
        };
    }

    private static void Check(JsonElement body)
    {
        foreach (var property in body.EnumerateObject())
            if (!Known.Contains(property.Name)) throw WireRefusal.Invalid($"Unrecognized request argument supplied: {property.Name}");
        if (string.IsNullOrEmpty(body.Text("model"))) throw WireRefusal.Invalid("you must provide a model parameter");
        if (body.Get("messages") is not { } messages) throw WireRefusal.Invalid("Missing required parameter: 'messages'.", "messages", "missing_required_parameter");
        if (messages.ValueKind != JsonValueKind.Array)
            throw WireRefusal.Invalid($"Invalid type for 'messages': expected an array of objects, but got {messages.TypeName()} instead.", "messages", "invalid_type");
        if (messages.GetArrayLength() == 0) throw EmptyArray("messages");
        CheckNumbers(body);
        CheckChoices(body);
    }

    private static void CheckNumbers(JsonElement body)
    {
        foreach (var name in new[] { "max_tokens", "max_completion_tokens" })
        {
            if (body.Get(name) is not { } value) continue;
            if (body.Whole(name) is not { } whole) throw WireRefusal.Invalid($"Invalid type for '{name}': expected an integer, but got {value.TypeName()} instead.", name, "invalid_type");
            if (whole < 1) throw WireRefusal.Invalid($"Invalid '{name}': integer below minimum value. Expected a value >= 1, but got {whole} instead.", name, "integer_below_min_value");
        }

        if (body.Get("max_tokens") is not null && body.Get("max_completion_tokens") is not null)
            throw WireRefusal.Invalid("Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported.", "max_tokens");
        if (body.Get("temperature") is not { } temperature) return;
        if (temperature.ValueKind != JsonValueKind.Number)
            throw WireRefusal.Invalid($"Invalid type for 'temperature': expected a decimal, but got {temperature.TypeName()} instead.", "temperature", "invalid_type");
        if (temperature.GetDouble() is var degrees && degrees is < 0 or > 2)
            throw WireRefusal.Invalid($"Invalid 'temperature': decimal {(degrees < 0 ? "below minimum value. Expected a value >= 0" : "above maximum value. Expected a value <= 2")}, but got {degrees} instead.", "temperature", degrees < 0 ? "decimal_below_min_value" : "decimal_above_max_value");
    }

    private static void CheckChoices(JsonElement body)
    {
        if (body.Get("stream_options") is not null && !body.IsTrue("stream"))
            throw WireRefusal.Invalid("The 'stream_options' parameter is only allowed when 'stream' is enabled.", "stream_options");
        if (body.Get("tools") is null && body.Get("tool_choice") is not null)
            throw WireRefusal.Invalid("Invalid value for 'tool_choice': 'tool_choice' is only allowed when 'tools' are specified.", "tool_choice");
        if (body.Get("tools") is null && body.Get("parallel_tool_calls") is not null)
            throw WireRefusal.Invalid("Invalid value for 'parallel_tool_calls': 'parallel_tool_calls' is only allowed when 'tools' are specified.", "parallel_tool_calls");
    }

    private static List<string> Tools(JsonElement body)
    {
        List<string> names = [];
        if (body.Get("tools") is not { } tools) return names;
        if (tools.ValueKind != JsonValueKind.Array || tools.GetArrayLength() == 0) throw EmptyArray("tools");
        foreach (var tool in tools.EnumerateArray()) names.Add(ToolName(tool, $"tools[{names.Count}]"));
        return names;
    }

    private static string ToolName(JsonElement tool, string at)
    {
        if (tool.Text("type") is not { } type) throw Missing($"{at}.type");
        if (type != "function") throw WireRefusal.Invalid($"Invalid value: '{type}'. Supported values are: 'function' and 'custom'.", $"{at}.type", "invalid_value");
        if (tool.Get("function") is not { } function) throw Missing($"{at}.function");
        var name = function.Text("name") ?? throw Missing($"{at}.function.name");
        if (!JsonIn.IsToolName(name, LongestToolName))
            throw WireRefusal.Invalid($"Invalid '{at}.function.name': string does not match pattern. Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'.", $"{at}.function.name", "invalid_value");
        if (function.Get("parameters") is { ValueKind: not JsonValueKind.Object } schema)
            throw WireRefusal.Invalid($"Invalid type for '{at}.function.parameters': expected an object, but got {schema.TypeName()} instead.", $"{at}.function.parameters", "invalid_type");
        return name;
    }

    private static string? Schema(JsonElement body)
    {
        if (body.Get("response_format") is not { } format) return null;
        var type = format.Text("type") ?? throw Missing("response_format.type");
        if (type is not ("text" or "json_object" or "json_schema"))
            throw WireRefusal.Invalid($"Invalid value: '{type}'. Supported values are: 'json_object', 'json_schema', and 'text'.", "response_format.type", "invalid_value");
        if (type == "json_object" && !body.Get("messages")!.Value.GetRawText().Contains("json", StringComparison.OrdinalIgnoreCase))
            throw WireRefusal.Invalid("'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.", "messages");
        if (type != "json_schema") return null;
        if (format.Get("json_schema") is not { } schema) throw Missing("response_format.json_schema");
        if (schema.Text("name") is null) throw Missing("response_format.json_schema.name");
        return schema.Get("schema")?.GetRawText();
    }

    private static WireRefusal EmptyArray(string name) =>
        WireRefusal.Invalid($"Invalid '{name}': empty array. Expected an array with minimum length 1, but got an empty array instead.", name, "empty_array");

    /// <summary>A parameter is missing.</summary>
    internal static WireRefusal Missing(string name) => WireRefusal.Invalid($"Missing required parameter: '{name}'.", name, "missing_required_parameter");
}
