namespace Skep.Testing;

/// <summary>What a cassette keeps, and how requests are matched with it.</summary>
public sealed record CassetteOptions
{
    /// <summary>Shortest secret that is masked: a shorter one would mask ordinary text.</summary>
    public const int ShortestSecret = 6;

    /// <summary>The defaults.</summary>
    public static CassetteOptions Default { get; } = new();

    /// <summary>Headers that are kept, of requests and answers; all others are left out. Headers that carry keys are left out even if they are named here.</summary>
    public IReadOnlyList<string> Headers { get; init; } =
        ["content-type", "accept", "anthropic-version", "anthropic-beta", "retry-after", "retry-after-ms"];

    /// <summary>
    /// Texts that must not stand in a cassette; each is replaced by <c>***</c> wherever it stands. The key of a request, and what looks like one (<c>sk-…</c>, <c>Bearer …</c>), is replaced
    /// as well.
    /// </summary>
    public IReadOnlyList<string> Secrets { get; init; } = [];

    /// <summary>Properties of a request's body that do not count when it is matched, such as <c>user</c> or <c>metadata</c>. Of its outermost object only.</summary>
    public IReadOnlyList<string> Ignore { get; init; } = [];

    /// <summary>Longest body, in bytes, that is recorded; a longer one is an error.</summary>
    public int MaxBodyBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>Whether a request that was recorded <c>n</c> times is answered as the last time from the time <c>n + 1</c> on; else that is an error.</summary>
    public bool RepeatLast { get; init; }
}
