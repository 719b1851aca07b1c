using System.Text.Json;
using Skep.Orchestration.Coordination;

namespace Skep.Orchestration.Hooks;

public sealed partial class HooksFamily
{
    /// <summary>Edits of a file that are told.</summary>
    private const int MaxEditsOfFile = 10;

    private async Task<JsonElement> PreEditAsync(HookCall call, CancellationToken cancel)
    {
        var file = call.File(ledger.Project);
        var subject = SubjectOf(file);
        var answer = new HookAnswer(call);
        var conflicts = ConflictsOf(call, file);
        foreach (var conflict in conflicts)
        {
            if (conflict.Blocks) answer.Block($"{subject} must not be edited: {conflict.Why}. Ask {conflict.Holder}, or edit another file");
            else answer.Note($"{subject}: {conflict.Why}; agree with {conflict.Holder} before you edit it");
        }

        if (!answer.Blocks) await TellPlansAsync(call, answer, file, cancel);
        answer.Add(json => WriteConflicts(json, conflicts));
        if (call.Flags.IsOn("load-context"))
        {
            var edits = ledger.Read(sql => FactReader.EditsOf(sql, subject, MaxEditsOfFile), []);
            answer.Add(json => json.List("edits", edits, HookViews.WriteFact));
        }

        answer.Recorded(await ledger.RecordAsync(call.Fact(subject, json => WriteVerdict(json, answer, conflicts), "file"), cancel));
        return answer.ToJson();
    }

    private async Task<JsonElement> PostEditAsync(HookCall call, CancellationToken cancel)
    {
        var file = call.File(ledger.Project);
        var subject = SubjectOf(file);
        var answer = new HookAnswer(call);
        var print = FileFingerprint.Of(file);
        if (print.Problem is { } problem && call.Flags.Switch("success") != false) answer.Note($"{subject} has no hash: {problem}");
        var memory = call.Flags.Text("memory-key") is { } key ? MemoryKeys.Require(key) : call.Flags.IsOn("update-memory") ? MemoryKeys.Of("edits", subject) : null;
        var conflicts = ConflictsOf(call, file);
        foreach (var conflict in conflicts) answer.Note($"{subject} was edited, though {conflict.Why}; tell {conflict.Holder}");

        var fact = call.Fact(subject, json => WriteVerdict(json, answer, conflicts), "file", "memory-key") with
        {
            Sha256 = print.Sha256, Size = print.Size, Memory = memory, Success = call.Flags.Switch("success") ?? true,
        };
        var recorded = memory is null ? await ledger.RecordAsync(fact, cancel) : await ledger.RecordAsync(fact, made => EntryOf(call, memory, made, json => WriteEdit(json, fact)), cancel);
        answer.Recorded(recorded);
        if (recorded.IsNew) await TellPlansAsync(call, answer, file, cancel);
        answer.Add(json => WriteEdit(json, fact));
        if (conflicts.Count > 0) answer.Add(json => WriteConflicts(json, conflicts));
        return answer.ToJson();
    }

    /// <summary>Relative to the project, where it lies within: so that facts stay true when the project is moved.</summary>
    private string SubjectOf(string file) => Ownership.Relative(ledger.Project, file) ?? file;

    private IReadOnlyList<OwnershipConflict> ConflictsOf(HookCall call, string file)
    {
        var claims = ledger.Read(sql => ClaimTable.Held(sql, ledger.Now), []);
        return Ownership.Of(file, ledger.Project, new Editor(call.Agent, call.Task, call.Run), ledger.Live.Tasks, claims);
    }

    private static void WriteVerdict(Utf8JsonWriter json, HookAnswer answer, IReadOnlyList<OwnershipConflict> conflicts)
    {
        if (answer.Reason is { } reason) json.WriteString("blocked", Text.Shorten(Secrets.MaskTokens(reason), LedgerLimits.MaxValue));
        if (conflicts.Count > 0) WriteConflicts(json, conflicts);
    }

    private static void WriteEdit(Utf8JsonWriter json, NewFact fact)
    {
        json.WriteString("file", fact.Subject);
        json.Maybe("sha256", fact.Sha256);
        json.Maybe("size", fact.Size);
        json.Maybe("success", fact.Success);
        json.Maybe("memory", fact.Memory);
    }

    private static void WriteConflicts(Utf8JsonWriter json, IReadOnlyList<OwnershipConflict> conflicts) => json.List("conflicts", conflicts.Take(LedgerLimits.MaxListed), static (j, c) =>
    {
        j.WriteString("holder", c.Holder);
        j.Maybe("task", c.Task);
        j.Maybe("run", c.Run);
        j.WriteString("glob", c.Glob);
        j.WriteBoolean("blocks", c.Blocks);
    });
}
