using System.Text.Json;
using Skep.Memory;
using Skep.Orchestration.Coordination;
using Skep.Orchestration.Hooks;
using Skep.Orchestration.Tests.Execution;
using Skep.Plans;
using Skep.Storage;

namespace Skep.Orchestration.Tests.Hooks;

/// <summary>Both families on a store of their own, with a clock that moves when told to and live work that a test declares.</summary>
internal sealed class LedgerRig : IAsyncDisposable
{
    private int _requests;

    public LedgerRig(LedgerLimits? limits = null)
    {
        Folder = SkepFolder.Create(Root);
        Store = SqliteStore.OpenOwner(Folder, new StoreOptions { Modules = [MemoryStore.Module, HookLedger.Module] });
        Memory = MemoryStore.Open(Store, Time);
        Ledger = new HookLedger(Store, Memory, Folder, Time, Live, limits);
        Hooks = new HooksFamily(Ledger);
        Messages = new MessagesFamily(Ledger);
    }

    public string Root { get; } = Directory.CreateTempSubdirectory("skep-ledger-").FullName;

    public SkepFolder Folder { get; }

    public SqliteStore Store { get; }

    public MemoryStore Memory { get; }

    public FakeTime Time { get; } = new();

    public FakeWork Live { get; } = new();

    public HookLedger Ledger { get; }

    public HooksFamily Hooks { get; }

    public MessagesFamily Messages { get; }

    public List<JsonElement> Pieces { get; } = [];

    public string File(string name, string text)
    {
        var path = Path.Combine(Root, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        System.IO.File.WriteAllText(path, text);
        return path;
    }

    /// <summary>Calls a hook: <c>flags</c> as "name=value" or "name".</summary>
    public Task<JsonElement> HookAsync(string hook, string? agent, params string[] flags) => TaskHookAsync(hook, agent, null, null, flags);

    public Task<JsonElement> TaskHookAsync(string hook, string? agent, string? run, string? task, params string[] flags) => Hooks.HandleAsync(Request(hook, HookArgs(agent, run, task, flags)), default);

    public Task<JsonElement> MessageAsync(string op, object args) => Messages.HandleAsync(Request(op, JsonSerializer.SerializeToElement(args)), default);

    public FamilyRequest Request(string op, JsonElement args, string? id = null) => new(op, args, id ?? $"request-{++_requests}", "tester", (piece, _) =>
    {
        lock (Pieces) Pieces.Add(piece);
        return ValueTask.CompletedTask;
    });

    public static JsonElement HookArgs(string? agent, string? run, string? task, params string[] flags) => JsonSerializer.SerializeToElement(new Dictionary<string, object?>
    {
        ["agent"] = agent, ["run"] = run, ["task"] = task,
        ["flags"] = flags.Select(f => f.Split('=', 2)).ToDictionary(p => p[0], p => p.Length > 1 ? p[1] : "true"),
    });

    public async ValueTask DisposeAsync()
    {
        await Memory.DisposeAsync();
        await Store.DisposeAsync();
        Directory.Delete(Root, recursive: true);
    }
}

internal sealed class FakeWork : ILiveWork
{
    public List<LiveTask> Work { get; } = [];

    public List<HookOccasion> Fired { get; } = [];

    public List<HookOutcome> Outcomes { get; } = [];

    /// <summary>What the hooks of plans wait for.</summary>
    public Task Release { get; set; } = Task.CompletedTask;

    public IReadOnlyList<LiveTask> Tasks => Work;

    public async Task<IReadOnlyList<HookOutcome>> FireAsync(HookOccasion occasion, CancellationToken cancel = default)
    {
        Fired.Add(occasion);
        await Release.WaitAsync(cancel);
        return [.. Outcomes.Where(o => o.Event == occasion.Event)];
    }

    public void Add(string task, string agent, string workspace, OwnershipRule rule, params string[] owns) => Work.Add(new LiveTask("run-1", task, "build", 1, agent, workspace, owns, rule));
}
