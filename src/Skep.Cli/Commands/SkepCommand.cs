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
            new RunCommand(cli), new ResumeCommand(cli), new PauseCommand(cli), new CancelCommand(cli), new RetryCommand(cli),
            new AnswerCommand(cli), new MetricCommand(cli),
            new RunsCommand(cli), new ShowCommand(cli), new EventsCommand(cli), new LogsCommand(cli), new ReportCommand(cli),
            new PlanCommand(cli), new GcCommand(cli), new DoctorCommand(cli), new CompletionCommand(cli), new VersionCommand(cli),
        };
        root.HelpName = "skep";
        root.Add(new HelpCommand(cli, root));
        foreach (var help in root.Options.OfType<HelpOption>())
        {
            // Windows forms that look like paths and clutter what a shell completes.
            help.Aliases.Remove("/?");
            help.Aliases.Remove("/h");
            if (help.Action is HelpAction action) help.Action = new HelpWithExamples(action);
        }

        foreach (var version in root.Options.OfType<VersionOption>()) version.Action = new TellVersion(cli);
        return root;
    }
}
