using Skep.Agents;
using Skep.Agents.Queries;
using Skep.Cli.Commands;
using Skep.Coding.Agents;

namespace Skep.Cli;

/// <summary>The full program.</summary>
internal static class SkepProgram
{
    /// <summary>Runs one command line and returns its exit code.</summary>
    public static Task<int> RunAsync(IReadOnlyList<string> args, CliContext cli) => CommandProgram.RunAsync(args, WithAgents(cli), SkepCommand.Create);

    /// <summary>Every host of the full program can run agents that think, and coding CLIs.</summary>
    private static CliContext WithAgents(CliContext cli) => cli with { ConfigureHost = options => cli.ConfigureHost(options with { Extensions = [.. options.Extensions, .. Agents(cli, options)] }) };

    private static IReadOnlyList<IHostExtension> Agents(CliContext cli, SkepHostOptions options)
    {
        var desk = new QueryDesk();
        return
        [
            new ChatExtension(new ChatExtensionOptions { Models = host => FolderModels.Of(host, cli.Variable), Command = options.Command, Desk = desk }),
            new CodingExtension(new CodingExtensionOptions { Command = options.Command, Desk = desk }),
        ];
    }
}
