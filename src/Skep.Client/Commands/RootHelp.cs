using System.CommandLine;
using System.Text;

namespace Skep.Client.Commands;

/// <summary>The first page of help: every command on one line.</summary>
internal static class RootHelp
{
    /// <summary>The page.</summary>
    public static string Of(RootCommand root)
    {
        var text = new StringBuilder($"skep {ProgramVersion.Text}\n{root.Description}\n\nUsage: skep COMMAND [OPTIONS]\n\nCommands:\n");
        text.Append(CommandList.Of(root));
        text.Append("\nExamples:\n  skep run examples/quickstart\n  skep resume\n  skep show last\n");
        text.Append("\n'skep COMMAND --help' explains a command, 'skep help exit-codes' the exit codes (0 done, 1 the run failed, 2 usage, …).\n");
        return text.ToString();
    }
}

/// <summary>The commands below a command, one a line; what they take is said by their own help.</summary>
internal static class CommandList
{
    private const int Column = 12;

    /// <summary>The lines.</summary>
    public static string Of(Command parent) =>
        string.Concat(parent.Subcommands.Where(c => !c.Hidden).Select(c => $"  {c.Name.PadRight(Math.Max(Column, 2 + parent.Subcommands.Max(o => o.Name.Length)))}{Brief(c.Description ?? "")}\n"));

    /// <summary>The first sentence.</summary>
    private static string Brief(string description) => description.Split(". ")[0].TrimEnd('.');
}
