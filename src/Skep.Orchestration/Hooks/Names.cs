using System.Globalization;
using System.Text;

namespace Skep.Orchestration.Hooks;

/// <summary>Names of sessions, agents, tasks and runs: short, and harmless to show.</summary>
internal static class Names
{
    /// <summary>The name without blanks around it.</summary>
    /// <exception cref="RequestException">It is empty, too long, or holds what terminals obey.</exception>
    public static string Require(string name, string what)
    {
        var plain = name.Trim();
        if (Problem(plain) is { } problem) throw new RequestException(RequestCodes.BadRequest, $"the {what} '{Shown(plain)}' {problem}");
        return plain;
    }

    /// <summary>What is wrong with a name, or null.</summary>
    public static string? Problem(string name)
    {
        if (name.Length == 0) return "is empty: give a name";
        if (name.Length > LedgerLimits.MaxName) return $"has {name.Length} characters; at most {LedgerLimits.MaxName} are allowed";
        foreach (var rune in name.EnumerateRunes())
        {
            if (rune.Value == ',') return "holds a comma, which separates names: leave it out";
            if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate || rune == Rune.ReplacementChar)
                return "holds a control character: use letters, digits and signs";
        }

        return null;
    }

    private static string Shown(string name) => Text.Shorten(string.Concat(name.Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '·' : c)), 80);
}
