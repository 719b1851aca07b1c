using System.Globalization;

namespace Skep.Vectors.Filtering;

/// <summary>Instants as ISO 8601 writes them. A time of day without a zone is refused: it would mean something else on each machine.</summary>
internal static class TimeText
{
    public const string Expected = "a time such as 2026-01-31, 2026-01-31T08:30Z or 2026-01-31T08:30:00+01:00";

    private static readonly string[] Formats =
    [
        "yyyy-MM-dd",
        "yyyy-MM-dd'T'HH:mm'Z'",
        "yyyy-MM-dd'T'HH:mmzzz",
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'",
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz",
    ];

    public static bool TryParse(ReadOnlySpan<char> text, out long ticks)
    {
        var read = DateTimeOffset.TryParseExact(text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time);
        ticks = time.UtcTicks;
        return read;
    }

    public static string Print(long ticks) =>
        new DateTime(ticks, DateTimeKind.Utc).ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);
}
