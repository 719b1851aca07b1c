using ModelContextProtocol.Protocol;

namespace Skep.Server.Streams;

/// <summary>An event that a client was sent, kept as text so that its size is known.</summary>
/// <param name="Number">Counts up within the session.</param>
/// <param name="Stream">The stream within the session.</param>
/// <param name="Type">Kind of the event.</param>
/// <param name="Data">The message as JSON; null for an event that only brings its id.</param>
/// <param name="Retry">When the client is to come again.</param>
internal sealed record KeptEvent(long Number, string Stream, string Type, byte[]? Data, TimeSpan? Retry)
{
    /// <summary>What an event costs beside its text, in bytes, about.</summary>
    private const int Overhead = 128;

    /// <summary>What it takes, in bytes.</summary>
    public int Size => Overhead + (Data?.Length ?? 0);

    /// <summary>The message again.</summary>
    public JsonRpcMessage? Message => Data is null ? null : System.Text.Json.JsonSerializer.Deserialize(Data, MessageJson.Info);
}
