using System.Text;

namespace Skep.Memory.Caching;

/// <summary>What a reply consists of.</summary>
internal enum RespKind
{
    Null,
    Text,
    Bytes,
    Integer,
    Error,
    Array,
    Push,
}

/// <summary>A reply of Redis. Doubles, big numbers and verbatim strings are texts, booleans are integers, maps and sets are arrays: no command in use here answers with those.</summary>
internal sealed record RespValue(RespKind Kind, long Integer = 0, byte[]? Bytes = null, RespValue[]? Items = null)
{
    internal static RespValue Null { get; } = new(RespKind.Null);

    /// <summary>Texts and errors.</summary>
    internal string Text => Bytes is { } bytes ? Encoding.UTF8.GetString(bytes) : "";
}

/// <summary>A peer that does not speak Redis' protocol, or beyond its bounds: the connection is of no more use.</summary>
internal sealed class RespException(string message) : IOException(message);
