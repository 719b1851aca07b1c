using System.CommandLine;
using Skep.Memory.Patterns;

namespace Skep.Client.Commands.Memory.Patterns;

/// <summary>Arguments and options that several commands about episodes share.</summary>
internal static class PatternOptions
{
    public static Argument<string[]> Words(string description) => new("TASK") { Description = description, Arity = ArgumentArity.ZeroOrMore };

    public static Option<string?> Kind(string description) => new("--kind") { Description = description, HelpName = "KIND" };

    public static Option<string[]> Tags(string description) => new("--tag") { Description = description, HelpName = "TAG" };

    public static Option<int?> Limit(string description) => new("--limit", "-k") { Description = description, HelpName = "N" };

    public static Option<double?> MinLikeness(string description) => new("--min-likeness") { Description = description, HelpName = "N" };

    public static Option<bool> DryRun(string description) => new("--dry-run") { Description = description };

    /// <summary>The words of an argument as one text; null for none.</summary>
    public static string? Text(this ParseResult parsed, Argument<string[]> words) => parsed.GetValue(words) is { Length: > 0 } given ? string.Join(' ', given) : null;

    /// <summary>Which outcome two options ask for; null for neither.</summary>
    /// <exception cref="CliException">Both are given.</exception>
    public static string? Outcome(this ParseResult parsed, Option<bool> success, Option<bool> failure) => (parsed.GetValue(success), parsed.GetValue(failure)) switch
    {
        (true, true) => throw new CliException(ExitCodes.Usage, "give --success or --failure, not both"),
        (true, false) => "success",
        (false, true) => "failure",
        _ => null,
    };
}

/// <summary>Episodes and what is made of them, in lines of fields with tabs between.</summary>
internal static class PatternText
{
    public static string Line(FoundEpisode found) => found.Likeness is { } likeness ? $"{likeness:0.00}\t{Line(found.Episode)}" : Line(found.Episode);

    public static string Line(Episode episode) =>
        Fields(episode.Id, episode.Succeeded ? "success" : "failure", $"{episode.Reward:0.##}", episode.Count > 1 ? $"{episode.Kind ?? "-"} ×{episode.Count}" : episode.Kind ?? "-", Actions(episode.Actions), episode.Task, episode.Critique is { } critique ? $"({critique})" : null);

    public static string Line(Approach approach) => Fields($"{approach.Score:0.00}", $"{approach.Successes}/{approach.Successes + approach.Failures}", Actions(approach.Actions), approach.Critique);

    public static string Line(Skep.Memory.Patterns.Skills.Skill skill) =>
        Fields($"{skill.Low:0.00}", $"{skill.Successes}/{skill.Successes + skill.Failures}", skill.Kind ?? "-", Actions(skill.Actions), skill.Task, skill.Reason is { } reason ? $"retired: {reason}" : null);

    public static string Actions(IReadOnlyList<string> actions) => string.Join("; ", actions);

    /// <summary>Fields without the characters that part them, or that a terminal obeys; null ones are left out.</summary>
    private static string Fields(params ReadOnlySpan<string?> fields)
    {
        var parts = new List<string>();
        foreach (var field in fields)
            if (field is not null) parts.Add(Terminal.PlainLine.Clean(field.Replace('\t', ' ')));
        return string.Join('\t', parts);
    }
}
