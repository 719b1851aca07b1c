using System.Text;

namespace Skep.Testing.Wire;

/// <summary>Replies in one piece.</summary>
internal static class ErrorReply
{
    /// <summary>An error as a format words it; a fault may bring its own body and headers.</summary>
    public static IEnumerable<WireStep> Steps(IWireFormat format, WireRefusal refusal, ModelWire wire, ScriptedFault? fault = null)
    {
        var headers = Headers.Of(refusal, wire);
        headers.AddRange(fault?.Headers ?? new Dictionary<string, string>(StringComparer.Ordinal));
        return Steps(refusal.Status, fault?.Body is { } body ? Encoding.UTF8.GetBytes(body) : format.Error(refusal), headers);
    }

    /// <summary>Any body of JSON.</summary>
    public static IEnumerable<WireStep> Steps(int status, byte[] body, IReadOnlyList<KeyValuePair<string, string>> headers) =>
        [WireStep.Begin(new WireHead(status, "application/json", body.Length, headers)), WireStep.Write(body)];
}

/// <summary>The list of models, which both formats have under one path.</summary>
internal static class ModelList
{
    /// <summary>The body.</summary>
    public static byte[] Body(IReadOnlyList<string> models, bool forAnthropic) => WireJson.Bytes(writer =>
    {
        writer.WriteStartObject();
        if (!forAnthropic) writer.WriteString("object", "list");
        writer.WriteStartArray("data");
        foreach (var model in models)
        {
            writer.WriteStartObject();
            writer.WriteString("id", model);
            if (forAnthropic)
            {
                writer.WriteString("type", "model");
                writer.WriteString("display_name", model);
                writer.WriteString("created_at", "2025-01-01T00:00:00Z");
            }
            else
            {
                writer.WriteString("object", "model");
                writer.WriteNumber("created", 0);
                writer.WriteString("owned_by", "script");
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        if (forAnthropic)
        {
            writer.WriteBoolean("has_more", false);
            writer.WriteString("first_id", models.Count > 0 ? models[0] : null);
            writer.WriteString("last_id", models.Count > 0 ? models[^1] : null);
        }

        writer.WriteEndObject();
    });
}
