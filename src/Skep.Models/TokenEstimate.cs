using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Skep.Models;

/// <summary>
/// Guesses how many tokens a request takes, without a tokenizer and on the high side: what is reserved before a call must be enough.
/// </summary>
/// <remarks>
/// The rule: words of Latin letters count a token for each three letters begun, where a capital after a small letter, and a small letter after several
/// capitals, begin a word; numbers one for each two digits; every other visible ASCII character one; a line feed, and each four further blanks in a row,
/// one; other letters one, letters of India and South-East Asia (U+0900 to U+109F) and all from U+2E80 on (Chinese, Japanese, Korean, emoji) two for each UTF-16
/// unit; a quarter of all that is added. A message costs 8 more, a call or result 12, a request 8, tools 400 together (Anthropic puts that many before them)
/// and 12 each. Compared with OpenAI's tokenizers o200k and cl100k it came to 1.9 times for English prose, 2.3 to 3 for code and JSON, 1.3 to 2.4 for German and
/// Finnish, 1.2 to 1.4 for tables of numbers, listings and hexadecimal, and 1.0 for base64 and random letters, the worst case. Anthropic's tokenizers, which are
/// not public, take up to a third more tokens for the same text than OpenAI's.
/// </remarks>
public static class TokenEstimate
{
    private const int Request = 8;
    private const int Message = 8;
    private const int CallOrResult = 12;
    private const int Tool = 12;
    private const int AllTools = 400;

    /// <summary>Input tokens of a request.</summary>
    public static long Of(IEnumerable<ChatMessage> messages, ChatOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(messages);
        var sum = Request + OfOptions(options);
        foreach (var message in messages) sum += Of(message);
        return sum;
    }

    /// <summary>Tokens of a message. It does not change as long as the message does not, and can be kept.</summary>
    public static long Of(ChatMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        long sum = Message;
        foreach (var content in message.Contents) sum += Of(content);
        return sum;
    }

    /// <summary>Tokens of tools, instructions and response format.</summary>
    public static long OfOptions(ChatOptions? options)
    {
        if (options is null) return 0;
        var sum = Of(options.Instructions);
        if (options.ResponseFormat is ChatResponseFormatJson { Schema: { } wanted }) sum += Of(wanted);
        if (options.Tools is not { Count: > 0 } tools) return sum;
        sum += AllTools;
        foreach (var tool in tools)
        {
            sum += Tool + Of(tool.Name) + Of(tool.Description);
            if (tool is AIFunctionDeclaration function) sum += Of(function.JsonSchema);
        }

        return sum;
    }

    /// <summary>Tokens of a text.</summary>
    public static long Of(string? text)
    {
        var counter = default(TokenCounter);
        counter.Add(text.AsSpan());
        return counter.Total;
    }

    private static long Of(AIContent content) => content switch
    {
        TextContent text => Of(text.Text),
        TextReasoningContent reasoning => Of(reasoning.Text) + Of(reasoning.ProtectedData),
        FunctionCallContent call => CallOrResult + Of(call.CallId) + Of(call.Name) + Of(call.Arguments),
        FunctionResultContent result => CallOrResult + Of(result.CallId) + Of(Wire.JsonValues.ResultText(result)),
        _ => 0,
    };

    private static long Of(IDictionary<string, object?>? arguments)
    {
        if (arguments is null) return 0;
        long sum = 0;
        foreach (var (name, value) in arguments) sum += 4 + Of(name) + (value is JsonElement json ? Of(json) : Of(Wire.JsonValues.Text(value)));
        return sum;
    }

    private static long Of(JsonElement json)
    {
        if (json.ValueKind == JsonValueKind.Undefined) return 0;
        var counter = default(TokenCounter);
        counter.Add(JsonMarshal.GetRawUtf8Value(json));
        return counter.Total;
    }
}
