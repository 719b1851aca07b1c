using System.CommandLine;

namespace Skep.Cli.Commands;

/// <summary>The root of all commands.</summary>
internal static class SkepCommand
{
    /// <summary>Builds the tree.</summary>
    public static RootCommand Create(CliContext cli)
    {
        var root = new RootCommand("Runs swarms of agents from a plan. A kill at any instant loses nothing, and nothing is called done that no gate has checked.")
        {
            new RunCommand(cli), new Planning.OrchestrateCommand(cli), new Planning.SparcCommand(cli), new ResumeCommand(cli), new PauseCommand(cli), new CancelCommand(cli), new RetryCommand(cli),
            new AnswerCommand(cli), new ApproveCommand(cli), new WaiveCommand(cli),
        };
        foreach (var command in ThinCommand.Shared(cli)) root.Add(command);
        foreach (var command in new Command[]
        {
            new Queries.QueryCommand(cli), new Merging.MergeCommand(cli), new RunsCommand(cli), new ShowCommand(cli), new EventsCommand(cli), new LogsCommand(cli), new ReportCommand(cli), new CostCommand(cli),
            new PlanCommand(cli), new AgentsCommand(cli), new McpCommand(cli), new ServeCommand(cli), new TestingCommand(cli), new GcCommand(cli), new DoctorCommand(cli), new CompletionCommand(cli), new VersionCommand(cli),
        }) root.Add(command);
        root.Add(new HelpCommand(cli, root));
        return RootSetup.Complete(root, cli);
    }
}
