using System.Text.Json.Serialization.Metadata;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Skep.Server.Streams;

/// <summary>How the library reads and writes a message.</summary>
internal static class MessageJson
{
    public static JsonTypeInfo<JsonRpcMessage> Info { get; } = (JsonTypeInfo<JsonRpcMessage>)McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(JsonRpcMessage));
}
