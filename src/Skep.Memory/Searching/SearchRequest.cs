namespace Skep.Memory;

/// <summary>What to search for. All that is given must hold; upper and lower case are the same.</summary>
public sealed record SearchRequest
{
    /// <summary>Occurs in the path, or in the value of a text or JSON entry (as it is written there: escapes in JSON are not resolved).</summary>
    public string? Text { get; init; }

    /// <summary>
    /// Matches the key, or the whole path if it has a '/' or <c>**</c>: <c>*</c> any characters but '/', <c>**</c> any, <c>?</c> one.
    /// </summary>
    public string? Glob { get; init; }

    /// <summary>Among which entries, see <see cref="MemoryPrefix"/>.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>Begin after this path: what an earlier page gave as <see cref="MemoryPage.Next"/>.</summary>
    public string? After { get; init; }

    /// <summary>Most entries of the page, up to <see cref="MemoryLimits.MaxPage"/>.</summary>
    public int Limit { get; init; } = 100;
}
