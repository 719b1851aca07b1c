using System.CommandLine;

namespace Skep.Cli.Commands;

/// <summary><c>skep agents</c>: looks at agents, which are found in the folders of the project and the user.</summary>
internal sealed class AgentsCommand : Verb
{
    public AgentsCommand(CliContext cli) : base("agents", "Finds agents, shows them and checks their files.", "skep agents list", "skep agents match \"needs rust and profiling\"", "skep agents check agents/*.md")
    {
        Add(new AgentsListCommand(cli));
        Add(new AgentsShowCommand(cli));
        Add(new AgentsMatchCommand(cli));
        Add(new AgentsCheckCommand(cli));
        Add(new AgentsSchemaCommand(cli));
    }

    /// <summary>The option that names the project.</summary>
    public static Option<string?> Project() => new("--project") { Description = "Folder of the project; the one around the current directory (with a .skep, .git or .claude) unless given.", HelpName = "DIR" };

    /// <summary>The option that adds a plan's agents.</summary>
    public static Option<string?> Plan() => new("--plan") { Description = "A plan whose agents count as well, before all others.", HelpName = "PLAN" };
}
