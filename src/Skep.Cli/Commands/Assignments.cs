namespace Skep.Cli.Commands;

/// <summary>Reads <c>name=value</c> from the command line.</summary>
internal static class Assignments
{
    /// <summary>The pairs; of a name that comes twice the last value counts.</summary>
    /// <exception cref="CliException">One is no assignment.</exception>
    public static IReadOnlyDictionary<string, string> Parse(IReadOnlyList<string> assignments)
    {
        var result = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var text in assignments)
        {
            var at = text.IndexOf('=');
            if (at <= 0) throw new CliException(ExitCodes.Usage, $"'--var {text}' must have the form NAME=VALUE");
            result[text[..at]] = text[(at + 1)..];
        }

        return result;
    }
}
