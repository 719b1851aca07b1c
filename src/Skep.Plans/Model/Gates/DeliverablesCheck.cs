namespace Skep.Plans;

/// <summary>Files that must be there and not empty.</summary>
/// <param name="Paths">Paths or globs, relative to the gate's working directory or below a folder of the run; may hold expressions.</param>
/// <param name="MinBytes">Smallest size of each file in bytes, at least 1.</param>
/// <param name="All">True when every path must be there, false when one of them is enough.</param>
public sealed record DeliverablesCheck(IReadOnlyList<string> Paths, long MinBytes, bool All)
{
    /// <summary>Most paths of one gate.</summary>
    public const int MaxPaths = 200;

    /// <summary>The check as people say it.</summary>
    public override string ToString() =>
        $"{(All ? "" : "one of ")}{string.Join(", ", Paths)}{(MinBytes > 1 ? FormattableString.Invariant($", at least {MinBytes} bytes each") : "")}";
}
