using System.Globalization;

namespace Skep.Coding.Git;

/// <summary>Versions of git.</summary>
public static class GitVersion
{
    /// <summary>The first version with <c>git merge-tree --write-tree</c>, which merges without a checkout.</summary>
    public static Version Oldest { get; } = new(2, 38);

    /// <summary>Reads what <c>git version</c> prints, such as <c>git version 2.39.5 (Apple Git-154)</c>; null when it is something else.</summary>
    public static Version? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (words is not ["git", "version", var number, ..]) return null;
        var parts = number.Split('.');
        return parts.Length >= 2
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var major)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var minor) ? new Version(major, minor) : null;
    }
}
