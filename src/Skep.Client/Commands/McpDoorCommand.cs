using System.CommandLine;
using Skep.Client.Door;

namespace Skep.Client.Commands;

/// <summary><c>skepc mcp</c>: as <c>skep mcp</c>, and a client that connects has the list of tools before that has started. See docs/decisions/0014.</summary>
internal sealed class McpDoorCommand : Verb
{
    private const string How = """
        Serves this folder over the Model Context Protocol, as 'skep mcp' does. It answers at once what clients ask first, and starts 'skep mcp' for all else.
        The program is the skep beside this one, or else the one in PATH.

        For a project, in .mcp.json:
          { "mcpServers": { "skep": { "command": "skepc", "args": ["mcp"] } } }
        """;

    private readonly CliContext _cli;
    private readonly McpOptions _options = new();
    private readonly Option<string?> _program = new("--program") { Description = "The full program; unless given, skep beside this one where it exists, else skep in PATH.", HelpName = "PATH" };

    public McpDoorCommand(CliContext cli) : base("mcp", How, "skep mcp", "skep mcp --all --dir ../project")
    {
        _cli = cli;
        _options.AddTo(this);
        Add(_program);
        SetAction(ServeAsync);
    }

    private async Task<int> ServeAsync(ParseResult parsed, CancellationToken cancel)
    {
        var program = FullProgram.Find(_cli, parsed.GetValue(_program));
        var all = parsed.GetValue(_options.All);
        var (folder, workspace) = _options.Places(_cli, parsed);
        string[] args = ["mcp", "--dir", folder.ProjectPath, "--workspace", workspace, .. all ? (string[])["--all"] : []];
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        using var signals = _cli.Signals.Subscribe(_ => stop.Cancel());
        var session = new DoorSession(new DoorMachine(DoorCatalogue.BuiltIn(), all), _cli.OpenOut(), (line, end) => FullServerProcess.Start(program, args, _cli.Directory, _cli.Error, line, end));
        try
        {
            await session.ServeAsync(_cli.OpenIn(), _cli.Time, stop.Token);
        }
        catch (InvalidDataException e)
        {
            throw new CliException(ExitCodes.Refused, $"the client sent what cannot be read: {e.Message}");
        }

        return ExitCodes.Ok;
    }
}
