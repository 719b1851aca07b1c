using System.Globalization;

namespace Skep.Plans;

/// <summary>Version of an agent spec: <c>1</c>, <c>1.2</c> or <c>1.2.3</c>. Parts that are not written count as zero when versions are compared.</summary>
/// <param name="Major">First number.</param>
/// <param name="Minor">Second number, or null.</param>
/// <param name="Patch">Third number, or null.</param>
public readonly record struct AgentVersion(int Major, int? Minor = null, int? Patch = null) : IComparable<AgentVersion>
{
    /// <summary>The form, as a regular expression for schemas.</summary>
    public const string Pattern = @"^[0-9]{1,9}(\.[0-9]{1,9}){0,2}$";

    private const int MaxDigits = 9;

    /// <summary>Reads a version; false when the text is none.</summary>
    public static bool TryParse(string? text, out AgentVersion version)
    {
        version = default;
        var parts = (text ?? "").Split('.');
        if (parts.Length > 3) return false;
        Span<int> numbers = stackalloc int[3];
        for (var i = 0; i < parts.Length; i++)
            if (parts[i].Length > MaxDigits || !int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i])) return false;
        version = new AgentVersion(numbers[0], parts.Length > 1 ? numbers[1] : null, parts.Length > 2 ? numbers[2] : null);
        return true;
    }

    /// <summary>Whether a version is one of those that this one, as a reference, means: <c>1</c> means all 1.x, <c>1.2</c> all 1.2.x.</summary>
    public bool Means(AgentVersion other) =>
        Major == other.Major && (Minor is null || Minor == (other.Minor ?? 0)) && (Patch is null || Patch == (other.Patch ?? 0));

    /// <inheritdoc />
    public int CompareTo(AgentVersion other) =>
        (Major, Minor ?? 0, Patch ?? 0).CompareTo((other.Major, other.Minor ?? 0, other.Patch ?? 0));

    /// <summary>Whether the left one is older.</summary>
    public static bool operator <(AgentVersion left, AgentVersion right) => left.CompareTo(right) < 0;

    /// <summary>Whether the left one is newer.</summary>
    public static bool operator >(AgentVersion left, AgentVersion right) => left.CompareTo(right) > 0;

    /// <summary>Whether the left one is not newer.</summary>
    public static bool operator <=(AgentVersion left, AgentVersion right) => left.CompareTo(right) <= 0;

    /// <summary>Whether the left one is not older.</summary>
    public static bool operator >=(AgentVersion left, AgentVersion right) => left.CompareTo(right) >= 0;

    /// <summary>The version as written.</summary>
    public override string ToString() => string.Join('.', new[] { Major, Minor, Patch }.OfType<int>().Select(n => n.ToString(CultureInfo.InvariantCulture)));
}
