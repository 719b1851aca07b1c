using Skep.Orchestration.Hooks;

namespace Skep.Client.Commands.Hooks;

/// <summary><c>skep hooks</c>: what other programs tell and ask.</summary>
internal sealed class HooksCommand : Verb
{
    public HooksCommand(CliContext cli)
        : base("hooks", "Tells what happens around the work, and asks whether it may: for scripts, agents and coding CLIs.", "skep hooks post-edit --file src/login.cs --memory-key swarm/backend/login", "skep hooks list")
    {
        // A hook is called often: where the command line names one, only that one is built.
        if (cli.Args is ["hooks", var name, ..] && HookCatalog.Find(name) is { Internal: false } only)
        {
            Add(new HookVerb(cli, only));
            return;
        }

        if (cli.Args is ["hooks", ClaudeCodeCommand.CommandName, ..])
        {
            Add(new ClaudeCodeCommand(cli));
            return;
        }

        Add(new ClaudeCodeCommand(cli));
        Add(new InstallCommand(cli, install: true));
        Add(new InstallCommand(cli, install: false));
        foreach (var hook in HookCatalog.All.Where(h => !h.Internal)) Add(new HookVerb(cli, hook));
    }
}
