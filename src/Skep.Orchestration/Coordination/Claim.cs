using Skep.Plans;

namespace Skep.Orchestration.Coordination;

/// <summary>Somebody's word that they work on some files.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Glob">Which files, relative to the project.</param>
/// <param name="Holder">Whose.</param>
/// <param name="Exclusive">Whether nobody else may change them.</param>
/// <param name="AtUnixMs">Since when.</param>
/// <param name="ExpiresUnixMs">The first millisecond at which it no longer holds; null for never.</param>
/// <param name="Task">For which task.</param>
/// <param name="Run">In which run.</param>
/// <param name="Session">In which session.</param>
/// <param name="Note">Why.</param>
public sealed record Claim(long Id, string Glob, string Holder, bool Exclusive, long AtUnixMs, long? ExpiresUnixMs, string? Task, string? Run, string? Session, string? Note);

/// <summary>Which claims stand in each other's way. Pure.</summary>
public static class ClaimRule
{
    /// <summary>Whether a claim still holds.</summary>
    public static bool Holds(Claim claim, long nowUnixMs)
    {
        ArgumentNullException.ThrowIfNull(claim);
        return claim.ExpiresUnixMs is not { } expires || nowUnixMs < expires;
    }

    /// <summary>Whether two globs have a file in common.</summary>
    public static bool Overlap(string a, string b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        return MayMeet(a, b) && Glob.Intersect(a, b);
    }

    /// <summary>Whether a file, relative to the same place, belongs to a glob.</summary>
    public static bool Covers(string glob, string file)
    {
        ArgumentNullException.ThrowIfNull(glob);
        ArgumentNullException.ThrowIfNull(file);
        return Glob.IsMatch(glob, file);
    }

    /// <summary>Claims of others that a new one has files in common with; those that forbid it first.</summary>
    public static IReadOnlyList<Claim> Conflicts(IEnumerable<Claim> held, string glob, string holder, bool exclusive, long nowUnixMs)
    {
        ArgumentNullException.ThrowIfNull(held);
        return [.. held.Where(c => c.Holder != holder && Holds(c, nowUnixMs) && Overlap(c.Glob, glob)).OrderByDescending(c => c.Exclusive || exclusive).ThenBy(c => c.Id)];
    }

    /// <summary>Whether an overlap forbids a new claim: when either side wants the files alone.</summary>
    public static bool Forbids(Claim held, bool exclusive)
    {
        ArgumentNullException.ThrowIfNull(held);
        return held.Exclusive || exclusive;
    }

    /// <summary>A glob as it is kept; null with the reason when it cannot be one.</summary>
    public static string? Normal(string glob, out string? problem)
    {
        ArgumentNullException.ThrowIfNull(glob);
        var normal = Glob.Normalise(glob.Replace('\\', '/'));
        problem = normal.Length == 0 ? "it names no file: give a path or a pattern such as src/**"
            : normal.Length > Hooks.LedgerLimits.MaxGlob ? $"it has {normal.Length} characters; at most {Hooks.LedgerLimits.MaxGlob} are allowed"
            : normal.Split('/').Contains("..") ? "it leads out of the project: claim files within it"
            : normal.Any(char.IsControl) ? "it holds a control character" : null;
        return problem is null ? normal : null;
    }

    /// <summary>Quick: what stands before the first wildcard decides most pairs.</summary>
    private static bool MayMeet(string a, string b)
    {
        var most = Math.Min(LiteralLength(a), LiteralLength(b));
        return string.CompareOrdinal(a, 0, b, 0, most) == 0;
    }

    // Up to the last slash before a wildcard: "src/**" also matches "src" itself.
    private static int LiteralLength(string glob)
    {
        var wild = glob.AsSpan().IndexOfAny('*', '?');
        return wild < 0 ? glob.Length : Math.Max(0, glob.LastIndexOf('/', wild));
    }
}
