using System.CommandLine;

namespace Skep.Cli.Commands;

/// <summary><c>skep agents</c>: agents that are found in the folders of the project and the user, and those that live in a run.</summary>
internal sealed class AgentsCommand : Verb
{
    public AgentsCommand(CliContext cli) : base("agents", "Finds agents and checks their files; shows, spawns and drains the agents of a run.", "skep agents list", "skep agents match \"needs rust and profiling\"", "skep agents status last")
    {
        Add(new AgentsListCommand(cli));
        Add(new AgentsShowCommand(cli));
        Add(new AgentsMatchCommand(cli));
        Add(new AgentsCheckCommand(cli));
        Add(new AgentsSchemaCommand(cli));
        Add(new AgentsStatusCommand(cli));
        Add(new AgentsSpawnCommand(cli));
        Add(new AgentsDrainCommand(cli));
    }

    /// <summary>The option that names the project.</summary>
    public static Option<string?> Project() => new("--project") { Description = "Folder of the project; the one around the current directory (with a .skep, .git or .claude) unless given.", HelpName = "DIR" };

    /// <summary>The option that adds a plan's agents.</summary>
    public static Option<string?> Plan() => new("--plan") { Description = "A plan whose agents count as well, before all others.", HelpName = "PLAN" };
}
