namespace Skep.Models.Tests.Wire;

/// <summary>Answers as servers stream them, written after the documentation of the formats.</summary>
internal static class Recordings
{
    /// <summary>Reasoning, text with characters of several bytes, two parallel calls whose pieces are mixed, usage at the end; comments between.</summary>
    public const string OpenAITools = """
        : keep-alive

        data: {"id":"chatcmpl-A1","object":"chat.completion.chunk","created":1760000000,"model":"gpt-4.1-2025-04-14","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}],"usage":null}

        data: {"id":"chatcmpl-A1","model":"gpt-4.1-2025-04-14","choices":[{"index":0,"delta":{"reasoning_content":"two places, "},"finish_reason":null}]}

        data: {"id":"chatcmpl-A1","model":"gpt-4.1-2025-04-14","choices":[{"index":0,"delta":{"reasoning_content":"two calls"},"finish_reason":null}]}

        data: {"id":"chatcmpl-A1","model":"gpt-4.1-2025-04-14","choices":[{"index":0,"delta":{"content":"Größe 🐝 "},"finish_reason":null}]}

        data: {"id":"chatcmpl-A1","model":"gpt-4.1-2025-04-14","choices":[{"index":0,"delta":{"content":"蜂の巣"},"finish_reason":null}]}

        data: {"id":"chatcmpl-A1","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"call_a","type":"function","function":{"name":"weather","arguments":""}}]},"finish_reason":null}]}

        data: {"id":"chatcmpl-A1","choices":[{"index":0,"delta":{"tool_calls":[{"index":1,"id":"call_b","type":"function","function":{"name":"weather","arguments":"{\"pl"}}]},"finish_reason":null}]}

        data: {"id":"chatcmpl-A1","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\"place\":\"Zür"}}]},"finish_reason":null}]}

        data: {"id":"chatcmpl-A1","choices":[{"index":0,"delta":{"tool_calls":[{"index":1,"function":{"arguments":"ace\":\"Köln\",\"days\":3}"}},{"index":0,"function":{"arguments":"ich\"}"}}]},"finish_reason":null}]}

        data: {"id":"chatcmpl-A1","choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}

        data: {"id":"chatcmpl-A1","choices":[],"usage":{"prompt_tokens":120,"completion_tokens":45,"total_tokens":165,"prompt_tokens_details":{"cached_tokens":100},"completion_tokens_details":{"reasoning_tokens":12}}}

        data: [DONE]


        """;

    public const string OpenAIToolsRead = """
        id chatcmpl-A1 model gpt-4.1-2025-04-14 finish tool_calls
        thought two places, two calls []
        text Größe 🐝 蜂の巣
        call call_a weather(place=Zürich)
        call call_b weather(place=Köln, days=3)
        usage TokenCount { Input = 20, Output = 45, CacheRead = 100, CacheWrite = 0, Total = 165 } reasoning 12
        """;

    /// <summary>Thinking with a signature, redacted thinking, text, two calls, pings, an event and a kind of piece that nobody knows.</summary>
    public const string AnthropicTools = """
        event: message_start
        data: {"type":"message_start","message":{"id":"msg_01","type":"message","role":"assistant","model":"claude-sonnet-4-5-20250929","content":[],"stop_reason":null,"usage":{"input_tokens":20,"cache_creation_input_tokens":30,"cache_read_input_tokens":100,"output_tokens":2}}}

        event: content_block_start
        data: {"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}

        event: ping
        data: {"type": "ping"}

        event: content_block_delta
        data: {"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"two places, "}}

        event: content_block_delta
        data: {"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"two calls"}}

        event: content_block_delta
        data: {"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"EqQBCgIYAhIM"}}

        event: content_block_stop
        data: {"type":"content_block_stop","index":0}

        event: content_block_start
        data: {"type":"content_block_start","index":1,"content_block":{"type":"redacted_thinking","data":"EmwKAhgB"}}

        event: content_block_stop
        data: {"type":"content_block_stop","index":1}

        event: content_block_start
        data: {"type":"content_block_start","index":2,"content_block":{"type":"text","text":""}}

        event: content_block_delta
        data: {"type":"content_block_delta","index":2,"delta":{"type":"text_delta","text":"Größe 🐝 "}}

        event: content_block_delta
        data: {"type":"content_block_delta","index":2,"delta":{"type":"citations_delta","citation":{"type":"char_location"}}}

        event: content_block_delta
        data: {"type":"content_block_delta","index":2,"delta":{"type":"text_delta","text":"蜂の巣"}}

        event: content_block_stop
        data: {"type":"content_block_stop","index":2}

        event: content_block_start
        data: {"type":"content_block_start","index":3,"content_block":{"type":"tool_use","id":"toolu_a","name":"weather","input":{}}}

        event: content_block_delta
        data: {"type":"content_block_delta","index":3,"delta":{"type":"input_json_delta","partial_json":""}}

        event: content_block_delta
        data: {"type":"content_block_delta","index":3,"delta":{"type":"input_json_delta","partial_json":"{\"place\": \"Zür"}}

        event: content_block_delta
        data: {"type":"content_block_delta","index":3,"delta":{"type":"input_json_delta","partial_json":"ich\"}"}}

        event: content_block_stop
        data: {"type":"content_block_stop","index":3}

        event: something_new
        data: {"type":"something_new","more":[1,2]}

        event: content_block_start
        data: {"type":"content_block_start","index":4,"content_block":{"type":"tool_use","id":"toolu_b","name":"now","input":{}}}

        event: content_block_stop
        data: {"type":"content_block_stop","index":4}

        event: message_delta
        data: {"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null},"usage":{"output_tokens":89}}

        event: message_stop
        data: {"type":"message_stop"}


        """;

    public const string AnthropicToolsRead = """
        id msg_01 model claude-sonnet-4-5-20250929 finish tool_calls
        thought two places, two calls [EqQBCgIYAhIM]
        thought  [redacted:EmwKAhgB]
        text Größe 🐝 蜂の巣
        call toolu_a weather(place=Zürich)
        call toolu_b now()
        usage TokenCount { Input = 20, Output = 89, CacheRead = 100, CacheWrite = 30, Total = 239 } reasoning 
        """;

    /// <summary>One frame a payload, and the end of the format.</summary>
    public static string OpenAI(params string[] payloads) => string.Concat(payloads.Append("[DONE]").Select(p => $"data: {p}\n\n"));

    /// <summary>One frame a payload; the caller brings the end.</summary>
    public static string Frames(params string[] payloads) => string.Concat(payloads.Select(p => $"data: {p}\n\n"));
}
