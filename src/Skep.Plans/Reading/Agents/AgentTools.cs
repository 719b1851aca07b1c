namespace Skep.Plans;

/// <summary>Names of tools: those of coding CLIs, and ours that do the same.</summary>
public static class AgentTools
{
    /// <summary>Our name of the tool that starts programs.</summary>
    public const string RunCommand = "run_command";

    /// <summary>Our name of the group that holds just <see cref="RunCommand"/>.</summary>
    public const string CommandsGroup = "commands";

    /// <summary>Whether a list of tools has the one that starts programs.</summary>
    internal static bool MayRun(IEnumerable<string> tools) => tools.Any(t => t is RunCommand or CommandsGroup);

    private static readonly Dictionary<string, string[]> Table = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Read"] = ["read_file"],
        ["NotebookRead"] = ["read_file"],
        ["Write"] = ["write_file"],
        ["Edit"] = ["edit_file"],
        ["MultiEdit"] = ["edit_file"],
        ["NotebookEdit"] = ["edit_file"],
        ["Grep"] = ["search_files"],
        ["Glob"] = ["list_files"],
        ["LS"] = ["list_files"],
        ["Bash"] = [RunCommand],
    };

    /// <summary>What each tool of a coding CLI is with us.</summary>
    public static IReadOnlyDictionary<string, string[]> OfCodingClis => Table;

    /// <summary>Our names for a name of a coding CLI; null when we have no such tool. A name in our own form (<c>read_file</c>) is returned as it is.</summary>
    public static IReadOnlyList<string>? Map(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (Table.TryGetValue(name, out var ours)) return ours;
        return IsOwnForm(name) ? [name] : null;
    }

    /// <summary>Lower case, as all our tools and their groups (<c>files:read</c>) are named; not <c>mcp__server__tool</c>, which a server must bring.</summary>
    private static bool IsOwnForm(string name) =>
        name.Length > 0 && !name.StartsWith("mcp__", StringComparison.Ordinal) && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '_' or ':');
}
