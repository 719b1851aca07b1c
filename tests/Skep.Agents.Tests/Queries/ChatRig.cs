using ModelWire = Skep.Models.Endpoints.ModelWire;
using System.Text.Json;
using Skep.Agents.Queries;
using Skep.Models;
using Skep.Models.Endpoints;
using Skep.Models.Limits;
using Skep.Orchestration;
using Skep.Plans;
using Skep.Storage;
using Skep.Testing;

namespace Skep.Agents.Tests.Queries;

/// <summary>A folder with a host whose chat agents talk to a scripted model in this process.</summary>
internal sealed class ChatRig : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TestTools _tools;
    private readonly ModelEndpoint _endpoint;
    private readonly HttpMessageInvoker _http;

    public ChatRig(Action<ScriptBuilder> script, ModelWire wire = ModelWire.Anthropic, params IAgentTool[] tools)
    {
        Model = ScriptedModel.Build(script);
        _endpoint = new ModelEndpoint("test", wire, new Uri("http://test.invalid"));
        _tools = new TestTools(tools);
        _http = new HttpMessageInvoker(new ScriptedModelHandler(Model));
        Folder = SkepFolder.Create(Root);
        Host = SkepHost.Open(Folder, Options);
    }

    public string Root { get; } = Directory.CreateTempSubdirectory("skep-chat-").FullName;

    public ScriptedModel Model { get; }

    public SkepFolder Folder { get; }

    public SkepHost Host { get; private set; }

    public QueryStore Queries => new(Host.Store, TimeProvider.System);

    public ModelPrice? Price { get; set; } = new(3, 15);

    /// <summary>Where the calls of the provider pass.</summary>
    public IProviderGate Gate { get; set; } = OpenGate.Instance;

    /// <summary>Puts a client of a host's own before the provider's.</summary>
    public Func<Microsoft.Extensions.AI.IChatClient, Microsoft.Extensions.AI.IChatClient> Wrap { get; set; } = static client => client;

    /// <summary>Prices by model, where they differ.</summary>
    public Dictionary<string, ModelPrice> Prices { get; } = [];

    private SkepHostOptions Options => new()
    {
        Extensions = [new ChatExtension(new ChatExtensionOptions
        {
            Models = _ => new FolderModels(new TestSource(this), static () => ["key-that-nobody-may-see"]),
            Tools = [_tools],
            Retry = new CallRetryOptions { FirstWait = TimeSpan.FromMilliseconds(1), LongestWait = TimeSpan.FromMilliseconds(2) },
        })],
    };

    public async Task<RunHandle> StartAsync(string yaml, string id = "run-1", params IRunObserver[] observers)
    {
        var result = PlanReader.Read(yaml);
        Assert.True(result.Plan is not null, string.Join("\n", result.Diagnostics.Select(d => d.Format("plan"))));
        return await Host.StartAsync(new RunRequest { RunId = id, Plan = result.Plan!, PlanText = yaml, PlanDirectory = Root, Workspace = Root }, observers);
    }

    public async Task<RunState> RunAsync(string yaml)
    {
        var run = await StartAsync(yaml);
        await run.Completion.WaitAsync(Patience);
        return State();
    }

    public RunState State(string id = "run-1") => RunReader.Load(Host.Store, Host.Blobs, id);

    public QueryState Query(string id = "run-1/ask/1") => Queries.Load(id);

    /// <summary>Asks something of a query, as another process would.</summary>
    public async Task<string> ControlAsync(string op, string? argument = null, string query = "run-1/ask/1")
    {
        var args = JsonSerializer.SerializeToElement(new Dictionary<string, string?> { ["query"] = query, ["argument"] = argument });
        var response = await Host.AnswerAsync(new ControlRequest { Op = "query." + op, Args = args, By = "ann", Id = Guid.NewGuid().ToString() });
        return response.Ok ? response.Result!.Value.GetProperty("outcome").GetString()! : response.Error!;
    }

    /// <summary>Ends the process, as it were, and begins a new one on the same folder.</summary>
    public async Task RestartAsync()
    {
        await Host.DisposeAsync();
        Host = SkepHost.Open(Folder, Options);
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        _http.Dispose();
        Directory.Delete(Root, recursive: true);
    }

    public static string Plan(string agent = "", string task = "", string swarm = "") => $$"""
        plan: p
        swarm: { lease: 5s {{swarm}} }
        agents:
          thinker: { executor: chat, model: test/large, role: Thinks {{agent}} }
        tasks:
          - { id: ask, agent: thinker, prompt: "What is six times seven?" {{task}} }
        """;

    private sealed class TestSource(ChatRig rig) : IModelSource
    {
        public ModelRoute Resolve(string model)
        {
            var name = model.StartsWith("test/", StringComparison.Ordinal) ? model[5..] : throw new ModelException(ModelFault.NotFound, $"there is no model '{model}'");
            Microsoft.Extensions.AI.IChatClient client = rig._endpoint.Wire == ModelWire.Anthropic ? new AnthropicChatClient(rig._http, rig._endpoint, "key-that-nobody-may-see", name) : new OpenAIChatClient(rig._http, rig._endpoint, "key-that-nobody-may-see", name);
            return new ModelRoute("test", name, rig.Wrap(client), rig.Gate) { Price = rig.Prices.GetValueOrDefault(name, rig.Price!) };
        }
    }

    private sealed class TestTools(IReadOnlyList<IAgentTool> tools) : IToolSource
    {
        public Task<IReadOnlyList<IAgentTool>> ToolsAsync(ToolAgent agent, CancellationToken cancel) =>
            Task.FromResult<IReadOnlyList<IAgentTool>>([.. tools.Where(t => agent.Attempt.Agent.Tools.Contains(t.Name))]);
    }
}

/// <summary>A tool that remembers how it was called.</summary>
internal sealed class TestTool(string name, Func<ToolCall, CancellationToken, Task<ToolResult>> run) : IAgentTool
{
    private readonly Lock _lock = new();
    private readonly List<string> _keys = [];

    public TestTool(string name, string answer) : this(name, (_, _) => Task.FromResult(new ToolResult(answer)))
    {
    }

    public string Name => name;

    public string Description => "A tool of the tests.";

    public JsonElement Parameters { get; } = JsonDocument.Parse("""{"type":"object"}""").RootElement;

    public ToolKind Kind { get; init; }

    public ToolRepeat Repeat { get; init; }

    public IReadOnlyList<string> Keys
    {
        get
        {
            lock (_lock) return [.. _keys];
        }
    }

    public Task<ToolResult> InvokeAsync(ToolCall call, CancellationToken cancel)
    {
        lock (_lock) _keys.Add(call.Key);
        return run(call, cancel);
    }
}
