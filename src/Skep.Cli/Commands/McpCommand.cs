using System.CommandLine;
using Skep.Agents;
using Skep.Cli.Agents;
using Skep.Cli.Plans;
using Skep.Mcp;
using Skep.Models.Endpoints;

namespace Skep.Cli.Commands;

/// <summary><c>skep mcp</c>: serves the folder to a coding CLI, or any other client of the Model Context Protocol, over standard input and output.</summary>
internal sealed class McpCommand : Verb
{
    private const string How = """
        Serves this folder over the Model Context Protocol. A client starts it and speaks with it over standard input and output; messages for people go to standard error.
        It ends when its input ends; runs that it works on then stop, and 'skep resume' takes them up.

        For a project, in .mcp.json:
          { "mcpServers": { "skep": { "command": "skep", "args": ["mcp"] } } }
        For Claude Code:
          claude mcp add skep -- skep mcp
        With the thin client, a client that connects has the list of tools at once: "command": "skepc".
        """;

    private readonly CliContext _cli;
    private readonly McpOptions _options = new();

    public McpCommand(CliContext cli) : base("mcp", How, "skep mcp", "skep mcp --all --dir ../project")
    {
        _cli = cli;
        _options.AddTo(this);
        SetAction(ServeAsync);
    }

    private async Task<int> ServeAsync(ParseResult parsed, CancellationToken cancel)
    {
        var (folder, workspace) = _options.Places(_cli, parsed);
        await using var server = new SkepMcpServer(Settings(_cli, folder, workspace) with { All = parsed.GetValue(_options.All) });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        using var signals = _cli.Signals.Subscribe(_ => stop.Cancel());
        await StdioDoor.ServeAsync(server, _cli.OpenIn(), _cli.OpenOut(), stop.Token);
        return ExitCodes.Ok;
    }

    /// <summary>What every door of this program serves.</summary>
    public static SkepMcpSettings Settings(CliContext cli, SkepFolder folder, string workspace) => new()
    {
        Folder = folder,
        Host = cli.ConfigureHost(new SkepHostOptions { Time = cli.Time }),
        Workspace = workspace,
        RunId = plan => RunIds.Make(plan, cli.Time.GetUtcNow(), cli.RunSuffix()),
        ModelProblem = model => ModelChecks.ProblemOf(model, folder.Root, cli.Variable),
        Models = () => new ModelSource(folder.Root, new ModelSourceOptions { Environment = cli.Variable, Time = cli.Time }),
        AgentFiles = (plan, at) => AgentSearch.ForPlan(plan, at, cli.Variable("HOME")),
        Idle = NotYetActedOn.In,
        Agent = cli.Variable("SKEP_IDEMPOTENCY_KEY") is { Length: > 0 } attempt ? attempt : null,
        By = Identity.AgentOrPerson(cli, null),
        Version = ProgramVersion.Text,
        Log = line => cli.Error.WriteLine($"warning: {line}"),
    };
}
