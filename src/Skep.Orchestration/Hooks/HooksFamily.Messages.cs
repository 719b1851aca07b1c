using System.Text.Json;
using Skep.Orchestration.Coordination;

namespace Skep.Orchestration.Hooks;

public sealed partial class HooksFamily
{
    /// <summary>What calls of a coding CLI name as their source.</summary>
    public const string CodingCliSource = "claude-code";

    private async Task<JsonElement> NotifyAsync(HookCall call, CancellationToken cancel)
    {
        var text = call.Flags.Text("message")!;
        if (text.Length > LedgerLimits.MaxMessage) throw new RequestException(RequestCodes.TooLarge, $"the message has {text.Length} characters; at most {LedgerLimits.MaxMessage} are sent: put the rest into a file or into memory, and say where");
        var message = new Message(
            0, ledger.Now, MessageKinds.Note, call.Agent ?? call.By, Secrets.MaskTokens(text), call.Flags.Text("level") ?? "info", call.Flags.Text("channel"),
            null, null, false, call.Task, call.Run, null, null);
        var fact = call.Fact(text, null, "message");
        var named = Recipients.Parse(call.Flags.Text("recipients"));
        var (recorded, sent) = await ledger.WriteAsync(
            (sql, now) =>
            {
                var made = FactWrites.Add(sql, fact, now, ledger.Limits);
                var to = Recipients.Resolve(sql, ledger, named, except: message.Sender);
                return (made, to.Count == 0 && made.IsNew ? new Sent(0, [], [], []) : MessageTable.Send(sql, message, call.Request, to, ledger.Limits));
            },
            cancel);
        ledger.Signal.Set();
        var answer = new HookAnswer(call);
        answer.Recorded(recorded);
        MessagesFamily.Tell(answer.Note, sent);
        if (recorded.IsNew) await TellPlansAsync(call, answer, null, cancel);
        answer.Add(json =>
        {
            json.WriteNumber("message", sent.Id);
            json.List("delivered", sent.Delivered);
        });
        return answer.ToJson();
    }

    private async Task<JsonElement> AgentSpawnedAsync(HookCall call, CancellationToken cancel)
    {
        var name = Names.Require(call.Flags.Text("name")!, "agent");
        var answer = new HookAnswer(call);
        answer.Recorded(await ledger.RecordAsync(call.Fact(name, null, "name"), cancel, (sql, now) => FactWrites.Meet(sql, name, now, ledger.Limits)));
        return answer.ToJson();
    }

    /// <summary>Within a task it is a sign of life, and answers little; for everybody else it is the board.</summary>
    private async Task<JsonElement> ProgressAsync(HookCall call, CancellationToken cancel)
    {
        var answer = new HookAnswer(call);
        if (call.Task is not null || call.Agent is not null) answer.Recorded(await ledger.RecordAsync(call.Fact(null), cancel));
        var unread = call.Agent is { } agent ? ledger.Read(sql => MessageTable.Unread(sql, agent), 0) : 0;
        answer.Add(json => json.WriteNumber("unread", unread));
        return answer.ToJson();
    }
}
