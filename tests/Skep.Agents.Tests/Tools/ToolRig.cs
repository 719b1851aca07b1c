using System.Text.Json;
using Skep.Memory;
using Skep.Orchestration;
using Skep.Orchestration.Coordination;
using Skep.Orchestration.Hooks;
using Skep.Plans;
using Skep.Storage;

namespace Skep.Agents.Tests.Tools;

/// <summary>
/// The built-in tools over a real ledger, with a sandbox folder (<c>box</c>) and a folder beside it (<c>outside</c>) that nothing may touch: <see cref="AssertOutsideIsUntouched"/>.
/// </summary>
internal sealed class ToolRig : IAsyncDisposable
{
    public const string OutsideSecret = "outside-secret-6c1f";

    private readonly string _project;
    private int _calls;

    public ToolRig()
    {
        Root = Directory.CreateTempSubdirectory("skep-tools-").FullName;
        (_project, Box, Outside) = (Path.Combine(Root, "project"), Path.Combine(Root, "project", "box"), Path.Combine(Root, "outside"));
        Directory.CreateDirectory(Box);
        Directory.CreateDirectory(Outside);
        File.WriteAllText(Path.Combine(Outside, "secret.txt"), OutsideSecret);
        Folder = SkepFolder.Create(_project);
        Store = SqliteStore.OpenOwner(Folder, new StoreOptions { Modules = [MemoryStore.Module, HookLedger.Module] });
        Memory = MemoryStore.Open(Store, Time);
        Ledger = new HookLedger(Store, Memory, Folder, Time, Live);
        Host = new Dictionary<string, string> { ["PATH"] = "/usr/local/bin:/usr/bin:/bin", ["HOME"] = Box };
    }

    public string Root { get; }

    /// <summary>The sandbox.</summary>
    public string Box { get; }

    public string Outside { get; }

    public SkepFolder Folder { get; }

    public SqliteStore Store { get; }

    public MemoryStore Memory { get; }

    public HookLedger Ledger { get; }

    public FakeTime Time { get; } = new();

    public FakeLive Live { get; } = new();

    public Dictionary<string, string> Host { get; }

    public List<string> Secrets { get; } = [];

    public List<string> Commands { get; } = [];

    public List<string> Scope { get; } = [];

    public Func<string, string> Mask { get; set; } = static text => text;

    public ITaskProposals? Proposals { get; set; }

    public AttemptRequest Attempt => new()
    {
        RunId = "run-1", TaskId = "write", Phase = "build", Attempt = 1, AgentName = "writer-1",
        Agent = new AgentSpec { Id = "writer", Tools = ["files", "memory", "messages", "commands", "propose_tasks"], MemoryScope = Scope },
        WorkingDirectory = Box, Workspace = _project, RunDirectory = Path.Combine(Folder.RunsPath, "run-1"), SkepDirectory = Folder.Root, PlanDirectory = _project, Secrets = Secrets,
    };

    public BuiltInTools Tools => new(Ledger, new BuiltInToolsOptions
    {
        Commands = Commands, PlanOf = static _ => "survey", Proposals = Proposals, Command = new CommandExecutorOptions { HostEnvironment = () => Host, KillGrace = TimeSpan.FromMilliseconds(200) },
    });

    public ToolAgent Agent => new(Attempt, TimeProvider.System) { Mask = text => Mask(text) };

    public string NextKey() => $"run-1/write/1/{++_calls}";

    public async Task<IAgentTool?> FindAsync(string tool) => (await Tools.ToolsAsync(Agent, default)).SingleOrDefault(t => t.Name == tool);

    /// <summary>Calls a tool with JSON as a model writes it.</summary>
    public async Task<ToolResult> CallAsync(string tool, string json, string? key = null, CancellationToken cancel = default)
    {
        using var document = JsonDocument.Parse(json);
        var found = await FindAsync(tool) ?? throw new InvalidOperationException($"no tool '{tool}'");
        return await found.InvokeAsync(new ToolCall(document.RootElement.Clone(), key ?? NextKey(), Agent), cancel);
    }

    public Task<ToolResult> CallAsync(string tool, object args, string? key = null, CancellationToken cancel = default) => CallAsync(tool, JsonSerializer.Serialize(args), key, cancel);

    /// <summary>Calls a tool that must succeed.</summary>
    public async Task<string> DoAsync(string tool, object args, string? key = null)
    {
        var result = await CallAsync(tool, args, key);
        Assert.False(result.IsError, result.Text);
        return result.Text;
    }

    /// <summary>Calls a tool that must refuse, and with that leave everything outside alone and tell nothing of it.</summary>
    public async Task<string> RefusedAsync(string tool, object args)
    {
        var result = args is string json ? await CallAsync(tool, json) : await CallAsync(tool, args);
        Assert.True(result.IsError, result.Text);
        Assert.DoesNotContain(OutsideSecret, result.Text, StringComparison.Ordinal);
        AssertOutsideIsUntouched();
        return result.Text;
    }

    public void AssertOutsideIsUntouched()
    {
        Assert.Equal(["secret.txt"], Directory.GetFileSystemEntries(Outside, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(Outside, f)));
        Assert.Equal(OutsideSecret, File.ReadAllText(Path.Combine(Outside, "secret.txt")));
    }

    public string InBox(string name, string text = "")
    {
        var path = Path.Combine(Box, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>How many facts of a kind there are.</summary>
    public long Facts(string kind) => Ledger.Read(
        sql =>
        {
            var row = sql.Sql("SELECT count(*) FROM hooks_facts WHERE kind = ?1").Bind(1, kind);
            return row.Step() ? row.Number(0) : 0;
        },
        0);

    /// <summary>The inbox of somebody, without reading it.</summary>
    public List<Message> Inbox(string agent) => Ledger.Read(sql => MessageTable.Inbox(sql, agent, all: true, 100), []);

    public async ValueTask DisposeAsync()
    {
        await Memory.DisposeAsync();
        await Store.DisposeAsync();
        Directory.Delete(Root, recursive: true);
    }
}

/// <summary>A rig for each test.</summary>
public abstract class ToolTests : IDisposable
{
    private protected ToolRig Rig { get; } = new();

    public void Dispose()
    {
        Rig.DisposeAsync().AsTask().GetAwaiter().GetResult();
        GC.SuppressFinalize(this);
    }
}

/// <summary>Rights of files, on the systems that these tests run on.</summary>
#pragma warning disable CA1416 // Linux and macOS only.
internal static class Rights
{
    public static void Set(string path, UnixFileMode rights) => File.SetUnixFileMode(path, rights);

    public static UnixFileMode Of(string path) => File.GetUnixFileMode(path);
}
#pragma warning restore CA1416

internal sealed class FakeLive : ILiveWork
{
    public List<LiveTask> Work { get; } = [];

    public List<HookOutcome> Outcomes { get; } = [];

    public IReadOnlyList<LiveTask> Tasks => Work;

    public Task<IReadOnlyList<HookOutcome>> FireAsync(HookOccasion occasion, CancellationToken cancel = default) =>
        Task.FromResult<IReadOnlyList<HookOutcome>>([.. Outcomes.Where(o => o.Event == occasion.Event)]);
}
