using System.Text;
using System.Text.Json;

namespace Skep.Client.Door;

/// <summary>What kind of message a line of JSON-RPC holds.</summary>
internal enum MessageKind
{
    /// <summary>No message that we understand, such as a batch: whoever it is for shall judge it.</summary>
    Other,

    /// <summary>It has an id and a method, and wants an answer.</summary>
    Request,

    /// <summary>It has a method and no id.</summary>
    Notification,

    /// <summary>It has an id and no method: the answer to a request.</summary>
    Response,
}

/// <summary>What has to be known of a message to pass it on. Params and results are stepped over, never read.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Id">The id as it is written, quotes included; empty when there is none.</param>
/// <param name="Method">The method; empty when there is none.</param>
internal readonly record struct MessageHead(MessageKind Kind, string Id, string Method)
{
    /// <summary>Longest id or method that is looked at, in bytes.</summary>
    private const int MaxText = 1024;

    /// <summary>Reads the head of one line.</summary>
    public static MessageHead Of(ReadOnlySpan<byte> line)
    {
        var (id, method) = ("", "");
        try
        {
            var json = new Utf8JsonReader(line);
            if (!json.Read() || json.TokenType != JsonTokenType.StartObject) return default(MessageHead) with { Id = "", Method = "" };
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                var (isId, isMethod) = (json.ValueTextEquals("id"u8), json.ValueTextEquals("method"u8));
                json.Read();
                if (isId) id = Raw(ref json, line);
                else if (isMethod && json.TokenType == JsonTokenType.String && json.ValueSpan.Length <= MaxText) method = json.GetString()!;
                // Most clients write the id and the method first: the rest needs no look.
                if (id.Length > 0 && method.Length > 0) break;
                json.Skip();
            }
        }
        catch (JsonException)
        {
            return new MessageHead(MessageKind.Other, "", "");
        }

        return new MessageHead(KindOf(id, method), id, method);
    }

    /// <summary>The value of a member of the member <c>params</c>, as it is written; empty when it is not there. For short messages.</summary>
    public static string Param(ReadOnlySpan<byte> line, ReadOnlySpan<byte> name)
    {
        try
        {
            var json = new Utf8JsonReader(line);
            return json.Read() && StepTo(ref json, "params"u8) && json.TokenType == JsonTokenType.StartObject && StepTo(ref json, name) ? Raw(ref json, line) : "";
        }
        catch (JsonException)
        {
            return "";
        }
    }

    /// <summary>The member <c>result</c> of an answer, as it is written; empty when it is not there.</summary>
    public static ReadOnlySpan<byte> Result(ReadOnlySpan<byte> line)
    {
        try
        {
            var json = new Utf8JsonReader(line);
            if (!json.Read() || !StepTo(ref json, "result"u8)) return [];
            var start = (int)json.TokenStartIndex;
            json.Skip();
            return line[start..(int)json.BytesConsumed];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    private static MessageKind KindOf(string id, string method) => (id.Length > 0, method.Length > 0) switch
    {
        (true, true) => MessageKind.Request,
        (false, true) => MessageKind.Notification,
        (true, false) => MessageKind.Response,
        _ => MessageKind.Other,
    };

    private static string Raw(ref Utf8JsonReader json, ReadOnlySpan<byte> line)
    {
        if (json.TokenType is not (JsonTokenType.String or JsonTokenType.Number)) return "";
        var raw = line[(int)json.TokenStartIndex..(int)json.BytesConsumed];
        return raw.Length <= MaxText ? Encoding.UTF8.GetString(raw) : "";
    }

    /// <summary>Within an object, on to the value of a member.</summary>
    private static bool StepTo(ref Utf8JsonReader json, ReadOnlySpan<byte> name)
    {
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var found = json.ValueTextEquals(name);
            json.Read();
            if (found) return true;
            json.Skip();
        }

        return false;
    }
}
