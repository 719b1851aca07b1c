using System.CommandLine;
using System.CommandLine.Help;

namespace Skep.Cli.Commands;

/// <summary>The root of all commands.</summary>
internal static class SkepCommand
{
    /// <summary>Builds the tree.</summary>
    public static RootCommand Create(CliContext cli)
    {
        var root = new RootCommand("Runs swarms of agents from a plan. A kill at any instant loses nothing, and nothing is called done that no gate has checked.")
        {
            new RunCommand(cli),
        };
        foreach (var help in root.Options.OfType<HelpOption>())
            if (help.Action is HelpAction action) help.Action = new HelpWithExamples(action);
        return root;
    }
}
