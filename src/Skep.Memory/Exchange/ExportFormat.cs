namespace Skep.Memory.Exchange;

/// <summary>
/// Names in an exported file. One JSON object: format, version, prefix, entries; each entry on a line of its own, sorted by path. Texts and JSON values are strings
/// (a JSON value keeps every byte that way, spaces included), other values are base64. Tags are one string with a line for each; a vector that a caller brought is base64 of little-endian
/// 32-bit floats beside its model. Entries without these look as they did before there were any. Times are Unix milliseconds.
/// </summary>
internal static class ExportFormat
{
    internal const string Format = "skep-memory";
    internal const int Version = 1;

    /// <summary>Room for one token: a value of the largest size, with every character escaped.</summary>
    internal static int MaxToken(MemoryLimits limits) => (6 * limits.MaxValueBytes) + 64 * 1024;
}
