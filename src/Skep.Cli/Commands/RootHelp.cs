using System.CommandLine;
using System.Text;

namespace Skep.Cli.Commands;

/// <summary>The first page of help: every command on one line.</summary>
internal static class RootHelp
{
    private const int Column = 12;

    /// <summary>The page.</summary>
    public static string Of(RootCommand root)
    {
        var text = new StringBuilder($"skep {ProgramVersion.Text}\n{root.Description}\n\nUsage: skep COMMAND [OPTIONS]\n\nCommands:\n");
        foreach (var command in root.Subcommands.Where(c => !c.Hidden)) text.Append($"  {command.Name,-Column}{Brief(command.Description ?? "")}\n");
        text.Append("\nExamples:\n  skep run examples/quickstart\n  skep resume\n  skep show last\n");
        text.Append("\n'skep COMMAND --help' explains a command, 'skep help exit-codes' the exit codes (0 done, 1 the run failed, 2 usage, …).\n");
        return text.ToString();
    }

    /// <summary>The first sentence.</summary>
    private static string Brief(string description) => description.Split(". ")[0].TrimEnd('.');
}
