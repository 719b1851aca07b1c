using System.Text;
using Skep.Memory;
using Skep.Orchestration;
using Skep.Orchestration.Hooks;

namespace Skep.Agents.Tools;

/// <summary>What tools for the memory share.</summary>
internal abstract class MemoryTool(string schema, HookLedger ledger, Func<AttemptRequest, string?> planOf) : BuiltInTool(schema)
{
    protected HookLedger Ledger => ledger;

    protected MemoryStore Store => ledger.Memory;

    protected MemoryRights RightsOf(ToolCall call) => MemoryRights.Of(call.Agent.Attempt, planOf(call.Agent.Attempt));
}

/// <summary><c>memory_read</c>: the value of an entry.</summary>
internal sealed class MemoryReadTool(HookLedger ledger, Func<AttemptRequest, string?> planOf) : MemoryTool(Schema, ledger, planOf)
{
    private const string Schema = """
        {"type":"object","properties":{
        "path":{"type":"string","minLength":1,"maxLength":600,"description":"The entry, such as 'swarm/NAME/notes'"}},
        "required":["path"],"additionalProperties":false}
        """;

    public override string Name => "memory_read";

    public override string Description => "Reads an entry of the memory that the swarm shares.";

    public override ToolKind Kind => ToolKind.Read;

    public override ToolRepeat Repeat => ToolRepeat.Safe;

    protected override Task<ToolResult> RunAsync(ToolArguments args, ToolCall call, CancellationToken cancel)
    {
        var path = RightsOf(call).RequireRead(args.Need("path"));
        if (Store.Get(path) is not { } entry) return Task.FromResult(ToolResult.Error($"there is no entry '{path}': memory_list shows what there is"));
        var head = $"Version {entry.Version}, {entry.ContentType.Name()}, written by {Text.Shorten(Untrusted.Clean(entry.Author.Agent ?? "somebody").Replace('\n', ' '), 100)}.";
        var text = FileTool.TextOf(entry.Value!.Value.Span);
        return Task.FromResult(new ToolResult(text is null ? $"{head} It is no text: {entry.Size} bytes." : $"{head}\n{Untrusted.Wrap("memory " + path, call.Agent.Mask(text))}"));
    }
}

/// <summary><c>memory_list</c>: which entries there are.</summary>
internal sealed class MemoryListTool(HookLedger ledger, Func<AttemptRequest, string?> planOf) : MemoryTool(Schema, ledger, planOf)
{
    private const string Schema = """
        {"type":"object","properties":{
        "prefix":{"type":"string","minLength":1,"maxLength":600,"description":"Which entries, such as 'swarm/NAME/'; default all that you may read"},
        "after":{"type":"string","minLength":1,"maxLength":600,"description":"Begin after this entry"},
        "limit":{"type":"integer","minimum":1,"maximum":200,"description":"How many; default 100"}},
        "additionalProperties":false}
        """;

    public override string Name => "memory_list";

    public override string Description => "Lists entries of the memory that the swarm shares, without their values.";

    public override ToolKind Kind => ToolKind.Read;

    public override ToolRepeat Repeat => ToolRepeat.Safe;

    protected override Task<ToolResult> RunAsync(ToolArguments args, ToolCall call, CancellationToken cancel)
    {
        var rights = RightsOf(call);
        var limit = (int)(args.Whole("limit") ?? 100);
        var prefixes = args.Text("prefix") is { } given ? [rights.RequireRead(MemoryPrefix.Parse(given))] : rights.Read;
        // In the order of paths over all prefixes, each entry once, so that one can go on after any of them.
        var entries = prefixes.SelectMany(p => Store.List(p.Text, args.Text("after"), limit + 1).Entries).DistinctBy(e => e.Path).OrderBy(e => e.Path, StringComparer.Ordinal).ToList();
        if (entries.Count == 0) return Task.FromResult(new ToolResult($"No entries; you may read {rights.Readable}."));
        var more = entries.Count > limit ? $" There are more: go on with after '{entries[limit - 1].Path}'." : "";
        var lines = string.Join('\n', entries.Take(limit).Select(e => $"{e.Path}  version {e.Version}, {e.Size} bytes"));
        return Task.FromResult(new ToolResult($"{Math.Min(limit, entries.Count)} entries.{more}\n{Untrusted.Wrap("memory", lines)}"));
    }
}

/// <summary><c>memory_write</c>: stores a value.</summary>
internal sealed class MemoryWriteTool(HookLedger ledger, Func<AttemptRequest, string?> planOf) : MemoryTool(Schema, ledger, planOf)
{
    private const string Schema = """
        {"type":"object","properties":{
        "path":{"type":"string","minLength":1,"maxLength":600,"description":"The entry, such as 'swarm/NAME/notes'"},
        "value":{"type":"string","maxLength":200000,"description":"Its value"},
        "type":{"type":"string","enum":["text","json"],"description":"What the value is; default text"},
        "expected_version":{"type":"integer","minimum":0,"maximum":9000000000000000,"description":"Write only if it has this version; 0: only if there is none"},
        "ttl_seconds":{"type":"integer","minimum":1,"maximum":315360000,"description":"Forget it after this time; default never"}},
        "required":["path","value"],"additionalProperties":false}
        """;

    public override string Name => "memory_write";

    public override string Description => "Stores a value in the memory that the swarm shares.";

    public override ToolKind Kind => ToolKind.Write;

    public override ToolRepeat Repeat => ToolRepeat.Keyed;

    protected override async Task<ToolResult> RunAsync(ToolArguments args, ToolCall call, CancellationToken cancel)
    {
        var path = RightsOf(call).RequireWrite(args.Need("path"));
        var attempt = call.Agent.Attempt;
        var store = new StoreRequest(path, Encoding.UTF8.GetBytes(Secrets.MaskTokens(call.Agent.Mask(args.Need("value")))))
        {
            ContentType = MemoryContentTypes.Parse(args.Text("type") ?? "text"),
            Ttl = args.Whole("ttl_seconds") is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            ExpectedVersion = args.Whole("expected_version"),
            Author = MemoryKeys.Author(attempt.AgentName, attempt.TaskId.Length == 0 ? null : attempt.TaskId, attempt.RunId),
        };
        return new ToolResult(await WriteAsync(store, FactOf(call, path), cancel) is { } version ? $"Stored '{path}', version {version}." : $"Stored '{path}'.");
    }

    /// <summary>Value and fact in one transaction: a call whose fact is there has stored its value. Null for such a one.</summary>
    private Task<long?> WriteAsync(StoreRequest request, NewFact fact, CancellationToken cancel) => Ledger.Memory.WriteTogetherAsync<long?>(
        (sql, store) =>
        {
            if (!FactWrites.Add(sql, fact, Ledger.Now, Ledger.Limits).IsNew) return null;
            var result = store(request);
            // Thrown, so that the fact goes, too.
            return result.Applied ? result.Version : throw new ToolRefusal($"'{request.Path}' has version {result.Version}, but {request.ExpectedVersion} was expected: read it again");
        },
        request.Value.Length,
        cancel);

    private static NewFact FactOf(ToolCall call, string path)
    {
        var attempt = call.Agent.Attempt;
        return new NewFact("memory-write", RequestKey.Of(call, "memory")) { Agent = attempt.AgentName, Run = attempt.RunId, Task = attempt.TaskId.Length == 0 ? null : attempt.TaskId, Subject = path, Memory = path, Source = "chat" };
    }
}
