using System.CommandLine;
using System.Net;
using Skep.Mcp;
using Skep.Server;
using Skep.Server.Access;

namespace Skep.Cli.Commands;

/// <summary><c>skep serve</c>: serves the folder over HTTP, until a signal.</summary>
internal sealed class ServeCommand : Verb
{
    private const string How = """
        Serves this folder over HTTP to clients of the Model Context Protocol. It listens on this machine alone, unless --host names an address.
        It asks for the token in .skep/server.token, which is made at the first start:
          Authorization: Bearer TOKEN
        Ctrl-C ends it; runs that it works on then stop, and 'skep resume' takes them up.

        For Claude Code:
          claude mcp add --transport http skep http://127.0.0.1:7411/mcp --header "Authorization: Bearer $(cat .skep/server.token)"
        """;

    private readonly CliContext _cli;
    private readonly Option<int> _port = new("--port") { Description = "The port; 0 takes a free one.", HelpName = "PORT" };
    private readonly Option<string?> _host = new("--host") { Description = "The IP address to listen on; 127.0.0.1 unless given. 0.0.0.0 is all.", HelpName = "ADDRESS" };
    private readonly Option<string[]> _names = new("--name") { Description = "A name under which clients reach this machine; may be said again. Requests for other names are refused.", HelpName = "NAME" };
    private readonly Option<string?> _tokenFile = new("--token-file") { Description = "File with the token; .skep/server.token unless given.", HelpName = "FILE" };
    private readonly Option<bool> _noToken = new("--no-token") { Description = "Ask for no token: every user of this machine may then do what you may. Not with another --host than this machine." };
    private readonly Option<string?> _ready = new("--ready-file") { Description = "File that is written with the address when the server answers.", HelpName = "FILE" };
    private readonly Option<bool> _all = new("--all") { Description = "Offer the extended tools, too." };
    private readonly Option<string?> _workspace = new("--workspace") { Description = "Folder in which tasks work, and to which plans are relative; the current directory unless given.", HelpName = "DIR" };
    private readonly Option<string?> _dir = CommonOptions.Dir();

    public ServeCommand(CliContext cli) : base("serve", How, "skep serve --port 7411", "skep serve --host 0.0.0.0 --name build.example --port 7411")
    {
        _cli = cli;
        foreach (var option in new Option[] { _port, _host, _names, _tokenFile, _noToken, _ready, _all, _workspace, _dir }) Add(option);
        SetAction(ServeAsync);
    }

    private async Task<int> ServeAsync(ParseResult parsed, CancellationToken cancel)
    {
        var workspace = _cli.FullPath(parsed.GetValue(_workspace) ?? ".");
        if (!Directory.Exists(workspace)) throw new CliException(ExitCodes.Usage, $"there is no directory '{workspace}' for --workspace");
        var address = Address(parsed);
        var folder = Folders.FindOrCreate(_cli, parsed.GetValue(_dir));
        var tokenFile = parsed.GetValue(_noToken) ? null : _cli.FullPath(parsed.GetValue(_tokenFile) ?? Path.Combine(folder.Root, TokenFile.DefaultName));
        var options = new SkepServerOptions { Address = address, Port = Port(parsed), Names = parsed.GetValue(_names) ?? [], Token = tokenFile is null ? null : Token(tokenFile), Time = _cli.Time };
        await using var mcp = new SkepMcpServer(McpCommand.Settings(_cli, folder, workspace) with { All = parsed.GetValue(_all) });
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var signals = _cli.Signals.Subscribe(_ => stopped.TrySetResult());
        await using var server = await StartAsync(mcp, options, cancel);
        await SayAsync(folder.ProjectPath, server.McpUrl.AbsoluteUri, tokenFile, parsed.GetValue(_ready));
        await Task.WhenAny(stopped.Task, Task.Delay(Timeout.InfiniteTimeSpan, _cli.Time, cancel));
        return ExitCodes.Ok;
    }

    private IPAddress Address(ParseResult parsed)
    {
        if (parsed.GetValue(_noToken) && parsed.GetValue(_tokenFile) is not null) throw new CliException(ExitCodes.Usage, "--no-token and --token-file exclude each other");
        var given = parsed.GetValue(_host);
        if (given is null or "localhost") return IPAddress.Loopback;
        if (!IPAddress.TryParse(given, out var address)) throw new CliException(ExitCodes.Usage, $"--host takes an IP address, such as 0.0.0.0 for all of this machine, not '{given}'; names are given with --name");
        if (parsed.GetValue(_noToken) && !IPAddress.IsLoopback(address)) throw new CliException(ExitCodes.Usage, $"at {address} other machines can ask, so a token is needed: leave --no-token out, or --host");
        return address;
    }

    private int Port(ParseResult parsed) =>
        parsed.GetValue(_port) is var port and >= 0 and <= IPEndPoint.MaxPort ? port : throw new CliException(ExitCodes.Usage, $"--port is 0 to {IPEndPoint.MaxPort}");

    private static string Token(string file)
    {
        try
        {
            return TokenFile.ReadOrCreate(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CliException(ExitCodes.Usage, e.Message);
        }
    }

    private static async Task<SkepServer> StartAsync(SkepMcpServer mcp, SkepServerOptions options, CancellationToken cancel)
    {
        try
        {
            return await SkepServer.StartAsync(mcp.Options, options, cancel);
        }
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException)
        {
            throw new CliException(ExitCodes.Usage, $"cannot listen on {options.Address} port {options.Port}: {e.Message}");
        }
    }

    private async Task SayAsync(string project, string url, string? tokenFile, string? ready)
    {
        await _cli.Out.WriteLineAsync($"serving {project} at {url}; Ctrl-C ends it");
        await _cli.Out.WriteLineAsync(tokenFile is null ? "it asks for no token" : $"its token is in {tokenFile}");
        await _cli.Out.FlushAsync();
        if (ready is null) return;
        // Whoever waits for the file never sees half of it.
        var path = _cli.FullPath(ready);
        await File.WriteAllTextAsync(path + ".new", url + "\n");
        File.Move(path + ".new", path, overwrite: true);
    }
}
