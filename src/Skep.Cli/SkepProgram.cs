using System.Security.Cryptography;
using System.Text;
using Skep.Agents;
using Skep.Agents.Queries;
using Skep.Cli.Commands;
using Skep.Coding.Agents;
using Skep.Memory.Caching;

namespace Skep.Cli;

/// <summary>The full program.</summary>
internal static class SkepProgram
{
    /// <summary>Runs one command line and returns its exit code.</summary>
    public static Task<int> RunAsync(IReadOnlyList<string> args, CliContext cli) => CommandProgram.RunAsync(args, WithAgents(cli), SkepCommand.Create);

    /// <summary>Every host of the full program can run agents that think, and coding CLIs.</summary>
    private static CliContext WithAgents(CliContext cli) => cli with
    {
        ConfigureHost = options => cli.ConfigureHost(options with
        {
            Extensions = [.. options.Extensions, .. Agents(cli, options)],
            SharedCache = folder => Shared(cli, folder, options.Time),
            CacheNotice = notice => Say(cli, notice),
            MemorySearch = FolderSearch.Opener(cli.Variable, options.Time),
        }),
    };

    /// <summary>Not into a live view; <c>skep memory stats</c> knows as well.</summary>
    private static void Say(CliContext cli, CacheNotice notice)
    {
        if (!cli.Terminal.OutIsTerminal) cli.Error.WriteLine($"{(notice.Degraded ? "warning" : "note")}: {notice.Message}");
    }

    /// <summary>Where <c>SKEP_REDIS</c> names a Redis, the memory's changes are told to other nodes through it.</summary>
    private static RedisSharedCache? Shared(CliContext cli, SkepFolder folder, TimeProvider time)
    {
        var id = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Environment.MachineName}:{folder.Root}")))[..16];
        try
        {
            return RedisOptions.FromEnvironment(cli.Variable, $"skep:{id}") is { } options ? new RedisSharedCache(options, time) : null;
        }
        catch (CacheException e)
        {
            throw new CliException(ExitCodes.Usage, e.Message);
        }
    }

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
