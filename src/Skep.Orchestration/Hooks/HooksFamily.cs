using System.Text;
using System.Text.Json;
using Skep.Memory;

namespace Skep.Orchestration.Hooks;

/// <summary>
/// Requests <c>hooks.NAME</c>: every hook of the <see cref="HookCatalog"/>. Arguments: <c>flags</c> (texts by name), <c>about</c> (what else to
/// record), <c>session</c>, <c>agent</c>, <c>task</c>, <c>run</c>, <c>cwd</c>, <c>source</c>, <c>inHook</c>. The answer says <c>verdict</c> (allow or
/// block), <c>reason</c>, <c>notes</c>, <c>notActedOn</c>, the <c>seq</c> of the fact, and what the hook tells.
/// </summary>
public sealed partial class HooksFamily(HookLedger ledger) : IRequestFamily
{
    /// <summary>Member of a piece that only says: it takes a while, for hooks of plans are asked.</summary>
    public const string Waiting = "waiting";

    /// <inheritdoc />
    public string Name => "hooks";

    /// <inheritdoc />
    public async Task<JsonElement> HandleAsync(FamilyRequest request, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(request);
        try
        {
            return await CarryOutAsync(HookCall.Read(request), cancel);
        }
        catch (MemoryException e)
        {
            var code = e.Fault is MemoryFault.TooLarge or MemoryFault.Full ? RequestCodes.TooLarge : RequestCodes.BadRequest;
            throw new RequestException(code, e.Message);
        }
    }

    private Task<JsonElement> CarryOutAsync(HookCall call, CancellationToken cancel) => call.Hook.Name switch
    {
        "pre-edit" => PreEditAsync(call, cancel),
        "post-edit" => PostEditAsync(call, cancel),
        "pre-command" or "pre-bash" => PreCommandAsync(call, cancel),
        "post-command" or "post-bash" => PostCommandAsync(call, cancel),
        "pre-task" => PreTaskAsync(call, cancel),
        "post-task" or "task-completed" => PostTaskAsync(call, cancel),
        "teammate-idle" => TeammateIdleAsync(call, cancel),
        "session-start" or "session-restore" => SessionBeginsAsync(call, cancel),
        "session-end" => SessionEndAsync(call, cancel),
        "session-export" => SessionExportAsync(call, cancel),
        "notify" => NotifyAsync(call, cancel),
        "progress" => ProgressAsync(call, cancel),
        "agent-spawned" => AgentSpawnedAsync(call, cancel),
        CodingCliHooks.Prompt => PromptAsync(call, cancel),
        _ when call.Hook.OnlyLooks => Task.FromResult(HookViews.Of(ledger.Store, ledger.Time, call.Hook, call.Flags)),
        _ => PlainAsync(call, cancel),
    };

    /// <summary>A hook that only records.</summary>
    private async Task<JsonElement> PlainAsync(HookCall call, CancellationToken cancel)
    {
        var subject = call.Flags.Text("query") ?? call.Flags.Text("server") ?? call.About.GetValueOrDefault("tool");
        return await FinishAsync(call, new HookAnswer(call), call.Fact(subject), cancel);
    }

    /// <summary>Records, then lets the plans' hooks know.</summary>
    private async Task<JsonElement> FinishAsync(HookCall call, HookAnswer answer, NewFact fact, CancellationToken cancel)
    {
        var recorded = await ledger.RecordAsync(fact, cancel);
        answer.Recorded(recorded);
        // A request that comes a second time has told the plans' hooks already.
        if (recorded.IsNew) await TellPlansAsync(call, answer, null, cancel);
        return answer.ToJson();
    }

    private async Task TellPlansAsync(HookCall call, HookAnswer answer, string? file, CancellationToken cancel)
    {
        if (call.InHook || call.Hook.PlanEvent is not { } name) return;
        var hooks = ledger.Live.FireAsync(new HookOccasion(name, call.Run, call.Task, file, EnvironmentOf(call, file)), cancel);
        // They may take longer than a caller waits for an owner of whom nothing is heard.
        if (!hooks.IsCompleted) await call.SendAsync(JsonBuild.Object(json => json.WriteBoolean(Waiting, true)), cancel);
        answer.Heard(await hooks);
    }

    /// <summary>What the plans' hooks are told: every flag as SKEP_HOOK_NAME, without secrets.</summary>
    private static Dictionary<string, string> EnvironmentOf(HookCall call, string? file)
    {
        var told = call.Flags.Values.ToDictionary(
            f => "SKEP_HOOK_" + f.Key.Replace('-', '_').ToUpperInvariant(), f => Text.Shorten(Secrets.MaskTokens(f.Value), LedgerLimits.MaxValue).Replace('\0', ' '), StringComparer.Ordinal);
        if (file is not null) told["SKEP_HOOK_FILE"] = file;
        if (call.Agent is not null) told["SKEP_HOOK_AGENT"] = call.Agent;
        if (call.Session is not null) told["SKEP_HOOK_SESSION"] = call.Session;
        return told;
    }

    /// <summary>A fact as a memory entry.</summary>
    private static StoreRequest EntryOf(HookCall call, string path, FactRecorded fact, Action<Utf8JsonWriter> write) =>
        new(path, Encoding.UTF8.GetBytes(JsonBuild.Text(json =>
        {
            json.WriteString("hook", call.Hook.Name);
            json.WriteNumber("seq", fact.Seq);
            json.Maybe("agent", call.Agent);
            json.Maybe("task", call.Task);
            json.Maybe("run", call.Run);
            json.Maybe("session", call.Session);
            write(json);
        })))
        {
            ContentType = MemoryContentType.Json,
            Author = MemoryKeys.Author(call.Agent, call.Task, call.Run),
        };
}
