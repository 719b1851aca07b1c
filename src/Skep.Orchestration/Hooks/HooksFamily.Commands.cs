using System.Text.Json;

namespace Skep.Orchestration.Hooks;

public sealed partial class HooksFamily
{
    private async Task<JsonElement> PreCommandAsync(HookCall call, CancellationToken cancel)
    {
        var command = call.Flags.Text("command")!;
        var answer = new HookAnswer(call);
        if (CommandRisk.Of(command) is { } risk)
        {
            if (call.Flags.IsOn("validate-safety") || call.Flags.IsOn("validate")) answer.Block($"the command must not run: {risk}");
            else answer.Note($"the command looks dangerous: {risk}");
        }

        if (call.Flags.IsOn("dry-run"))
        {
            answer.Note("dry run: nothing was recorded, and no hooks of plans were asked");
            return answer.ToJson();
        }

        if (!answer.Blocks) await TellPlansAsync(call, answer, null, cancel);
        answer.Recorded(await ledger.RecordAsync(call.Fact(command, json => WriteVerdict(json, answer, []), "command"), cancel));
        return answer.ToJson();
    }

    private async Task<JsonElement> PostCommandAsync(HookCall call, CancellationToken cancel)
    {
        var answer = new HookAnswer(call);
        var fact = call.Fact(call.Flags.Text("command"), null, "command") with { Success = call.Flags.Switch("success") ?? (call.Flags.Number("exit-code") is { } code ? code == 0 : null) };
        if (!call.Flags.IsOn("store-results")) return await FinishAsync(call, answer, fact, cancel);

        var recorded = await ledger.RecordAsync(fact, made => EntryOf(call, $"hooks/commands/{made.Seq}", made, json => WriteCommand(json, call, fact)), cancel);
        answer.Recorded(recorded);
        if (recorded.IsNew) await TellPlansAsync(call, answer, null, cancel);
        answer.Add(json => json.WriteString("memory", $"hooks/commands/{recorded.Seq}"));
        return answer.ToJson();
    }

    private static void WriteCommand(Utf8JsonWriter json, HookCall call, NewFact fact)
    {
        json.WriteString("command", fact.Subject);
        json.Maybe("success", fact.Success);
        json.Maybe("exitCode", (long?)call.Flags.Number("exit-code"));
        if (call.Flags.Text("output") is { } output) json.WriteString("output", Text.Shorten(Secrets.MaskTokens(output), LedgerLimits.MaxValue));
    }
}
