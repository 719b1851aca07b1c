using System.Globalization;
using Skep.Mcp.Folder;
using Skep.Orchestration;

namespace Skep.Mcp.Tools.Insight;

/// <summary>The runs that began within some time.</summary>
internal sealed record Timeframe(TimeSpan Span, IReadOnlyList<RunState> Runs, int LeftOut)
{
    /// <summary>Most runs that are read.</summary>
    public const int MaxRuns = 200;

    /// <summary>Reads the runs of a time frame such as <c>24h</c> or <c>7d</c>.</summary>
    /// <exception cref="ToolFault">It is none.</exception>
    public static Timeframe Of(FolderDesk desk, string text)
    {
        var span = Parse(text);
        var since = desk.Now - span;
        var found = RunReader.List(desk.Store).Where(r => r.StartedAt >= since).ToList();
        return new Timeframe(span, [.. found.Take(MaxRuns).Select(r => RunReader.Load(desk.Store, desk.Blobs, r.Run))], Math.Max(0, found.Count - MaxRuns));
    }

    private static TimeSpan Parse(string text)
    {
        var isNumber = int.TryParse(text.AsSpan(0, Math.Max(0, text.Length - 1)), NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n is > 0 and <= 100_000;
        return (isNumber, text.Length > 0 ? text[^1] : ' ') switch
        {
            (true, 'm') => TimeSpan.FromMinutes(n),
            (true, 'h') => TimeSpan.FromHours(n),
            (true, 'd') => TimeSpan.FromDays(n),
            _ => throw new ToolFault($"'{Text.Shorten(text, 20)}' is no time frame; give a number with m, h or d, such as 24h or 7d"),
        };
    }
}
