using System.Globalization;
using System.Text.Json;
using Skep.Agents;
using Skep.Agents.Queries;
using Skep.Models.Endpoints;
using Skep.Models.Limits;
using Skep.Orchestration;
using Skep.Plans;
using Skep.Storage;

namespace Skep.Bench;

/// <summary>A host in a temporary folder whose agents ask the model of a <see cref="ChatServer"/>.</summary>
internal sealed class ChatRig : IAsyncDisposable
{
    private const string Key = "key-of-the-benchmark";

    private readonly string _directory = Directory.CreateTempSubdirectory("skep-bench-").FullName;
    private readonly ModelSource _models;

    public ChatRig(Uri address)
    {
        var variables = new Dictionary<string, string> { ["SKEP_MODEL_BASE_URL"] = new Uri(address, "v1").ToString(), ["SKEP_MODEL"] = "scripted", ["SKEP_MODEL_API_KEY"] = Key };
        _models = new ModelSource(null, new ModelSourceOptions
        {
            Environment = variables.GetValueOrDefault,
            Gate = static endpoint => new ProviderGate(endpoint.Name, new GateOptions(), TimeProvider.System),
            Handler = _ => Wire,
        });
        Host = SkepHost.Open(SkepFolder.Create(_directory), new SkepHostOptions
        {
            Extensions = [new ChatExtension(new ChatExtensionOptions { Models = _ => new FolderModels(_models, () => [Key]), Tools = [new Look()] })],
            Listen = false,
        });
        Queries = new QueryStore(Host.Store, TimeProvider.System);
    }

    public SkepHost Host { get; }

    public QueryStore Queries { get; }

    public WatchedWire Wire { get; } = new();

    /// <summary>Starts agents that have nothing to do with each other.</summary>
    public Task<RunHandle> StartAsync(string id, int agents, string prompt, string swarm = "")
    {
        var text = string.Create(CultureInfo.InvariantCulture, $$"""
            plan: chat
            swarm: { max_agents: {{agents}}, max_concurrency: {{agents}}, batch_size: {{agents}} {{swarm}} }
            agents:
              thinker: { executor: chat, role: Looks at files, tools: [look], limits: { output_tokens: 400 } }
            tasks:
            {{string.Join('\n', Enumerable.Range(0, agents).Select(i => $$"""  - { id: t{{i}}, agent: thinker, prompt: "{{prompt}} of part {{i}}." }"""))}}
            """);
        var read = PlanReader.Read(text);
        var plan = read.Plan ?? throw new InvalidOperationException(string.Join('\n', read.Diagnostics.Select(d => d.Format("plan"))));
        return Host.StartAsync(new RunRequest { RunId = id, Plan = plan, PlanText = text, PlanDirectory = _directory, Workspace = _directory });
    }

    /// <summary>Runs agents to the end.</summary>
    public async Task<RunStatus> RunAsync(string id, int agents, string prompt, string swarm = "") => await (await StartAsync(id, agents, prompt, swarm)).Completion;

    /// <summary>Asks something of a query; returns what came of it.</summary>
    public async Task<string?> ControlAsync(string op, string query)
    {
        using var args = JsonDocument.Parse($$"""{"query":"{{query}}"}""");
        var response = await Host.AnswerAsync(new ControlRequest { Op = "query." + op, Args = args.RootElement, By = "bench", Id = Guid.NewGuid().ToString() });
        return response.Ok ? response.Result!.Value.GetProperty("outcome").GetString() : response.Error;
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        _models.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private sealed class Look : IAgentTool, IToolSource
    {
        private static readonly ToolResult Seen = new(string.Concat(Enumerable.Repeat("int main(void) { return 0; }\n", 20)));

        public string Name => "look";

        public string Description => "Shows a part of a file.";

        public JsonElement Parameters { get; } = JsonDocument.Parse("""{"type":"object","properties":{"part":{"type":"string"},"lines":{"type":"integer"}},"required":["part"]}""").RootElement;

        public ToolKind Kind => ToolKind.Read;

        public ToolRepeat Repeat => ToolRepeat.Safe;

        public Task<ToolResult> InvokeAsync(ToolCall call, CancellationToken cancel) => Task.FromResult(Seen);

        public Task<IReadOnlyList<IAgentTool>> ToolsAsync(ToolAgent agent, CancellationToken cancel) => Task.FromResult<IReadOnlyList<IAgentTool>>([this]);
    }
}
