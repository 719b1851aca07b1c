using System.IO.Pipelines;
using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Skep.Agents;
using Skep.Models;
using Skep.Models.Endpoints;
using Skep.Memory;
using Skep.Orchestration;
using Skep.Storage;
using Skep.Testing;

namespace Skep.Mcp.Tests;

/// <summary>A folder behind a server of ours, and the library's client before it, in one process.</summary>
internal sealed class McpRig : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Dictionary<string, string> _environment = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();
    private Task _serving = Task.CompletedTask;
    private ScriptedModelServer? _model;
    private int _runs;

    private McpRig(string root) => (Root, Folder) = (root, SkepFolder.Create(root));

    public string Root { get; }

    public SkepFolder Folder { get; }

    public SkepMcpServer Server { get; private set; } = null!;

    public McpClient Client { get; private set; } = null!;

    public ScriptedModelServer Model => _model!;

    private bool OwnsRoot { get; init; } = true;

    public static async Task<McpRig> StartAsync(Func<SkepMcpSettings, SkepMcpSettings>? settings = null, Action<ScriptBuilder>? script = null, string? root = null)
    {
        var rig = new McpRig(root ?? Directory.CreateTempSubdirectory("skep-mcp-").FullName) { OwnsRoot = root is null };
        if (script is not null) await rig.UseModelAsync(script);
        rig.Server = new SkepMcpServer((settings ?? (static s => s))(rig.Settings()));
        var (up, down) = (new Pipe(), new Pipe());
        rig._serving = rig.Server.ServeAsync(new StreamServerTransport(up.Reader.AsStream(), down.Writer.AsStream(), "skep"), cancel: rig._stop.Token);
        rig.Client = await McpClient.CreateAsync(new StreamClientTransport(up.Writer.AsStream(), down.Reader.AsStream())).WaitAsync(Patience);
        return rig;
    }

    /// <summary>Calls a tool that must succeed; returns its facts.</summary>
    public async Task<JsonElement> CallAsync(string tool, object? args = null)
    {
        var result = await TryAsync(tool, args);
        Assert.True(result.IsError != true, $"{tool}: {TextOf(result)}");
        return result.StructuredContent!.Value;
    }

    /// <summary>Calls a tool that must refuse; returns what it says.</summary>
    public async Task<string> RefuseAsync(string tool, object? args = null)
    {
        var result = await TryAsync(tool, args);
        Assert.True(result.IsError == true, $"{tool} answered: {TextOf(result)}");
        return TextOf(result);
    }

    /// <summary>Takes the model away, as a server would find it that was started without one.</summary>
    public void ForgetModel() => _environment.Clear();

    public async Task<CallToolResult> TryAsync(string tool, object? args = null, IProgress<ProgressNotificationValue>? progress = null, CancellationToken cancel = default) =>
        await Client.CallToolAsync(tool, Arguments(args), progress, cancellationToken: cancel).AsTask().WaitAsync(Patience, CancellationToken.None);

    public static string TextOf(CallToolResult result) => string.Join('\n', result.Content.OfType<TextContentBlock>().Select(c => c.Text));

    /// <summary>The store as another process sees it.</summary>
    public RunState Run(string id)
    {
        var store = SqliteStore.OpenReader(Folder);
        try
        {
            return RunReader.Load(store, new BlobStore(Folder.BlobsPath), id);
        }
        finally
        {
            store.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    /// <summary>A value of memory as another process sees it; null when it is not there.</summary>
    public async Task<string?> MemoryAsync(string path)
    {
        await using var store = SqliteStore.OpenReader(Folder);
        await using var memory = Skep.Memory.MemoryStore.OpenReader(store, TimeProvider.System);
        return memory.Get(path)?.Text;
    }

    public string File(string name, string text)
    {
        var path = Path.Combine(Root, name);
        System.IO.File.WriteAllText(path, text);
        return path;
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await _stop.CancelAsync();
        await _serving.ContinueWith(static _ => { }, TaskScheduler.Default).WaitAsync(Patience);
        await Server.DisposeAsync();
        if (_model is not null) await _model.DisposeAsync();
        _stop.Dispose();
        if (OwnsRoot) Directory.Delete(Root, recursive: true);
    }

    private static Dictionary<string, object?>? Arguments(object? args) => args is null
        ? null
        : JsonSerializer.SerializeToElement(args).EnumerateObject().ToDictionary(m => m.Name, m => (object?)m.Value);

    private async Task UseModelAsync(Action<ScriptBuilder> script)
    {
        _model = await ScriptedModelServer.StartAsync(ScriptedModel.Build(script));
        _environment["SKEP_MODEL_BASE_URL"] = _model.BaseUrl.AbsoluteUri;
        _environment["SKEP_MODEL_WIRE"] = "anthropic";
        _environment["SKEP_MODEL_API_KEY"] = "key-of-the-tests";
        _environment["SKEP_MODEL"] = "claude-haiku-4-5";
    }

    private SkepMcpSettings Settings() => new()
    {
        Folder = Folder,
        Workspace = Root,
        Host = new SkepHostOptions { Extensions = [new ChatExtension(new ChatExtensionOptions { Models = host => FolderModels.Of(host, Variable) })], MemorySearch = static (memory, folder) => MemorySearch.Open(memory, Path.Combine(folder.Root, SkepHostOptions.MemoryIndexFolder), TimeProvider.System) },
        RunId = plan => $"{plan}-{Interlocked.Increment(ref _runs)}",
        ModelProblem = ModelProblem,
        Models = () => new ModelSource(Folder.Root, new ModelSourceOptions { Environment = Variable }),
        By = "tester",
        IdleAfter = TimeSpan.FromMinutes(10),
    };

    private string? Variable(string name) => _environment.GetValueOrDefault(name);

    private string? ModelProblem(string model)
    {
        try
        {
            using var source = new ModelSource(Folder.Root, new ModelSourceOptions { Environment = Variable });
            source.Resolve(model);
            return null;
        }
        catch (Exception e) when (e is ModelConfigurationException or ModelException)
        {
            return e.Message;
        }
    }
}
