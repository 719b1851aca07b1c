using System.CommandLine;
using Skep.Client.Commands.Hooks;
using Skep.Client.Commands.Memory;
using Skep.Client.Commands.Messages;

namespace Skep.Client.Commands;

/// <summary>The commands that other programs call often, at the price of a process start. The full program has them too.</summary>
internal static class ThinCommand
{
    /// <summary>Builds the tree of the thin client.</summary>
    public static RootCommand Create(CliContext cli)
    {
        var root = new RootCommand("The part of skep that hooks and scripts call: small, and compiled ahead of time.");
        foreach (var command in Of(cli)) root.Add(command);
        return RootSetup.Complete(root, cli);
    }

    // A client waits for its server: nothing else is built.
    private static IEnumerable<Command> Of(CliContext cli) => cli.Args is ["mcp", ..] ? [new McpDoorCommand(cli)] : [.. Shared(cli), new McpDoorCommand(cli), new VersionCommand(cli)];

    /// <summary>The commands that both programs have.</summary>
    public static IEnumerable<Command> Shared(CliContext cli)
    {
        // Hooks are called at the price of a process start: for them nothing else is built.
        if (cli.Args is ["hooks", ..]) return [new HooksCommand(cli)];
        return
        [
            new MetricCommand(cli), new MemoryCommand(cli), new HooksCommand(cli), new InboxCommand(cli), new SendCommand(cli), new AskCommand(cli), new ReplyCommand(cli),
            new HandoverCommand(cli), new LockCommand(cli), new UnlockCommand(cli), new LocksCommand(cli), new BoardCommand(cli),
        ];
    }
}
