using System.Text;
using System.Text.Json;
using Skep.Models.Wire;

namespace Skep.Models.Faults;

/// <summary>What a provider says about an error, as the body of an answer or as a frame of a stream.</summary>
/// <param name="Type">The kind, such as <c>overloaded_error</c> or <c>invalid_request_error</c>.</param>
/// <param name="Code">A finer kind, such as <c>context_length_exceeded</c>; some servers put the HTTP status here.</param>
/// <param name="Message">The text for people; when the body has another form, the body.</param>
internal sealed record ErrorBody(string? Type, string? Code, string Message)
{
    public static ErrorBody Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return Of(document.RootElement) ?? AsText(body);
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            return AsText(body);
        }
    }

    /// <summary>The error that an object tells of: <c>{"error": {…}}</c>, <c>{"error": "…"}</c>, <c>{"object": "error", …}</c>, <c>{"detail": …}</c>; else null.</summary>
    public static ErrorBody? Of(JsonElement root)
    {
        if (root.Has("error"u8, out var error)) return Inner(error);
        if (root.Text("object"u8) == "error" || root.Text("type"u8) == "error") return Inner(root);
        if (root.Has("detail"u8, out var detail)) return new(null, null, Plain(detail));
        return root.Has("message"u8, out var message) ? new(null, null, Plain(message)) : null;
    }

    /// <summary>The object that says what is wrong.</summary>
    public static ErrorBody Inner(JsonElement error)
    {
        if (error.ValueKind != JsonValueKind.Object) return new(null, null, Plain(error));
        return new(
            error.Has("type"u8, out var type) ? Plain(type) : null,
            error.Has("code"u8, out var code) ? Plain(code) : null,
            error.Has("message"u8, out var message) ? Plain(message) : error.GetRawText());
    }

    private static string Plain(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();

    private static ErrorBody AsText(ReadOnlyMemory<byte> body) => new(null, null, Encoding.UTF8.GetString(body.Span));
}
