using System.CommandLine;

namespace Skep.Client.Commands;

/// <summary>Writes a result to standard output or into a file.</summary>
internal static class Output
{
    /// <summary>The option that names the file.</summary>
    public static Option<string?> Option() => new("--out", "-o") { Description = "Write into a file instead of standard output.", HelpName = "FILE" };

    /// <summary>An option that chooses among formats.</summary>
    public static Option<string> Format(params string[] formats)
    {
        var option = new Option<string>("--format") { Description = $"Format: {string.Join(", ", formats)}.", HelpName = string.Join('|', formats), DefaultValueFactory = _ => formats[0] };
        option.AcceptOnlyFromAmong(formats);
        return option;
    }

    /// <summary>Writes it.</summary>
    /// <exception cref="CliException">The file cannot be written.</exception>
    public static int Write(CliContext cli, string? file, string text)
    {
        if (file is null)
        {
            cli.Out.Write(text);
            return ExitCodes.Ok;
        }

        try
        {
            File.WriteAllText(cli.FullPath(file), text);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CliException(ExitCodes.Usage, $"cannot write '{file}': {e.Message}");
        }

        return ExitCodes.Ok;
    }
}
