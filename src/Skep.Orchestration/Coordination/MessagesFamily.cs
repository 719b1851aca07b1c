using System.Text.Json;
using Skep.Orchestration.Hooks;

namespace Skep.Orchestration.Coordination;

/// <summary>
/// Requests <c>messages.NAME</c>: send, ask, reply, await, inbox, wait, read, handover, lock, unlock, locks. What waits streams one element
/// first, so that the caller knows that it was understood; it is bounded in time.
/// </summary>
public sealed class MessagesFamily(HookLedger ledger) : IRequestFamily
{
    /// <summary>Most messages of one answer: together they stay below the protocol's longest line.</summary>
    public const int MaxPage = 20;

    private const int MaxContext = 50;

    /// <inheritdoc />
    public string Name => "messages";

    /// <inheritdoc />
    public Task<JsonElement> HandleAsync(FamilyRequest request, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(request);
        var args = new JsonArgs(request.Args);
        var id = request.Id.Length is > 0 and <= LedgerLimits.MaxName ? request.Id : RequestIds.Next();
        return request.Op switch
        {
            "send" => SendAsync(args, id, MessageKinds.Note, cancel),
            "ask" => SendAsync(args, id, MessageKinds.Ask, cancel),
            "reply" => ReplyAsync(args, id, cancel),
            "await" => AwaitReplyAsync(args, request, cancel),
            "inbox" => InboxAsync(args, id, cancel),
            "wait" => WaitAsync(args, request, cancel),
            "read" => ReadAsync(args, id, cancel),
            "handover" => HandOverAsync(args, id, cancel),
            "lock" => LockAsync(args, id, cancel),
            "unlock" => UnlockAsync(args, cancel),
            "locks" => Task.FromResult(Locks()),
            _ => throw new RequestException(RequestCodes.NotFound, $"there is no request 'messages.{Text.Shorten(request.Op, 60)}': use send, ask, reply, await, inbox, wait, read, handover, lock, unlock or locks"),
        };
    }

    /// <summary>Says what became of a message, as far as it was not simply delivered.</summary>
    internal static void Tell(Action<string> note, Sent sent)
    {
        if (sent.Full.Count > 0) note($"not delivered, because their inboxes are full: {string.Join(", ", sent.Full.Take(10))}");
        if (sent.Unknown.Count > 0) note($"not heard of yet, it waits for them: {string.Join(", ", sent.Unknown.Take(10))}");
        if (sent.Delivered.Count == 0 && sent.Full.Count == 0) note("there is nobody to deliver it to yet: no agent was heard of");
    }

    private async Task<JsonElement> SendAsync(JsonArgs args, string id, string kind, CancellationToken cancel)
    {
        var sender = args.NeedName("agent");
        var named = Recipients.Parse(kind == MessageKinds.Ask ? args.NeedName("to") : args.Text("to", LedgerLimits.MaxRecipients * LedgerLimits.MaxName));
        var text = Secrets.MaskTokens(args.NeedText("text", LedgerLimits.MaxMessage));
        if (kind == MessageKinds.Ask && named.Count != 1) throw new RequestException(RequestCodes.BadRequest, "a question goes to one agent: name it");
        var deadline = kind == MessageKinds.Ask ? ledger.Now + (long)Limit(args).TotalMilliseconds : (long?)null;
        var message = new Message(
            0, ledger.Now, kind, sender, text, args.Name("level") ?? "info", args.Name("channel"), null, deadline, false, args.Name("task"), args.Name("run"), null, null);
        var sent = await ledger.WriteAsync(
            (sql, now) =>
            {
                FactWrites.Meet(sql, sender, now, ledger.Limits);
                var to = Recipients.Resolve(sql, ledger, named, sender);
                return to.Count == 0 ? new Sent(0, [], [], []) : MessageTable.Send(sql, message, id, to, ledger.Limits);
            },
            cancel);
        ledger.Signal.Set();
        return SentAnswer(sent);
    }

    private async Task<JsonElement> ReplyAsync(JsonArgs args, string id, CancellationToken cancel)
    {
        var sender = args.NeedName("agent");
        var question = args.Whole("message") ?? throw new RequestException(RequestCodes.BadRequest, "'message' is missing: say which message is answered");
        var text = Secrets.MaskTokens(args.NeedText("text", LedgerLimits.MaxMessage));
        var (sent, late) = await ledger.WriteAsync(
            (sql, now) =>
            {
                if (MessageTable.Find(sql, question) is not { } asked) throw new RequestException(RequestCodes.NotFound, $"there is no message {question}; 'skep inbox --all' lists them");
                FactWrites.Meet(sql, sender, now, ledger.Limits);
                var late = asked.DeadlineUnixMs is { } deadline && now > deadline;
                var reply = new Message(0, now, MessageKinds.Reply, sender, text, "info", asked.Channel, question, null, late, asked.Task, asked.Run, null, null);
                MessageTable.MarkRead(sql, sender, [question], id, now);
                return (MessageTable.Send(sql, reply, id, [asked.Sender], ledger.Limits), late);
            },
            cancel);
        ledger.Signal.Set();
        return SentAnswer(sent, json => json.WriteBoolean("late", late));
    }

    private async Task<JsonElement> AwaitReplyAsync(JsonArgs args, FamilyRequest request, CancellationToken cancel)
    {
        var question = args.Whole("message") ?? throw new RequestException(RequestCodes.BadRequest, "'message' is missing: say which question is waited for");
        await request.SendAsync(JsonBuild.Object(json => json.WriteBoolean("waiting", true)), cancel);
        var reply = await ledger.Signal.UntilAsync(() => ledger.Read(sql => MessageTable.ReplyTo(sql, question), null), Limit(args), ledger.Time, cancel);
        return JsonBuild.Object(json =>
        {
            if (reply is null) return;
            json.WriteStartObject("reply");
            HookViews.WriteMessage(json, reply);
            json.WriteEndObject();
        });
    }

    private async Task<JsonElement> InboxAsync(JsonArgs args, string id, CancellationToken cancel)
    {
        var agent = args.NeedName("agent");
        var most = (int)Math.Clamp(args.Whole("limit") ?? MaxPage, 1, MaxPage);
        var messages = args.Flag("peek") || args.Flag("all")
            ? ledger.Read(sql => MessageTable.Inbox(sql, agent, args.Flag("all"), most), [])
            : await ledger.WriteAsync(
                (sql, now) =>
                {
                    FactWrites.Meet(sql, agent, now, ledger.Limits);
                    return MessageTable.Take(sql, agent, id, now, most);
                },
                cancel);
        var unread = ledger.Read(sql => MessageTable.Unread(sql, agent), 0);
        return JsonBuild.Object(json =>
        {
            json.WriteString("agent", agent);
            json.List("messages", messages, HookViews.WriteMessage);
            json.WriteNumber("unread", unread);
        });
    }

    private async Task<JsonElement> WaitAsync(JsonArgs args, FamilyRequest request, CancellationToken cancel)
    {
        var agent = args.NeedName("agent");
        await request.SendAsync(JsonBuild.Object(json => json.WriteBoolean("waiting", true)), cancel);
        var unread = await ledger.Signal.UntilAsync(() => ledger.Read(sql => MessageTable.Unread(sql, agent), 0) is > 0 and var n ? n.ToString(System.Globalization.CultureInfo.InvariantCulture) : null, Limit(args), ledger.Time, cancel);
        return JsonBuild.Object(json => json.WriteNumber("unread", unread is null ? 0 : long.Parse(unread, System.Globalization.CultureInfo.InvariantCulture)));
    }

    private async Task<JsonElement> ReadAsync(JsonArgs args, string id, CancellationToken cancel)
    {
        var (agent, ids) = (args.NeedName("agent"), args.Wholes("messages"));
        await ledger.WriteAsync(
            (sql, now) =>
            {
                MessageTable.MarkRead(sql, agent, ids, id, now);
                return 0;
            },
            cancel);
        return JsonBuild.Object(json => json.WriteNumber("read", ids.Count));
    }

    /// <summary>A message with all that the next one needs; the claims for the task move with it.</summary>
    private async Task<JsonElement> HandOverAsync(JsonArgs args, string id, CancellationToken cancel)
    {
        var (sender, to, task) = (args.NeedName("agent"), args.NeedName("to"), args.NeedName("task"));
        var (run, note) = (args.Name("run"), Secrets.MaskTokens(args.Text("note", LedgerLimits.MaxMessage) ?? $"{task} is yours now"));
        var (sent, moved, edits, memory) = await ledger.WriteAsync(
            (sql, now) =>
            {
                var scope = FactScope.Task(task);
                var edits = FactReader.LastEdits(sql, scope, MaxContext).FindAll(e => run is null || e.Run == run);
                var memory = FactReader.MemoryPaths(sql, scope, MaxContext);
                var moved = ClaimTable.Move(sql, task, run, sender, to, now);
                var context = JsonBuild.Text(json => WriteContext(json, task, run, edits, memory, moved));
                var message = new Message(0, now, MessageKinds.Handover, sender, note, "info", "handover", null, null, false, task, run, context, null);
                FactWrites.Meet(sql, sender, now, ledger.Limits);
                var data = JsonBuild.Text(json => json.WriteString("to", to));
                FactWrites.Add(sql, new NewFact("handover", id) { Agent = sender, Task = task, Run = run, Subject = to, Data = data }, now, ledger.Limits);
                return (MessageTable.Send(sql, message, id, [to], ledger.Limits), moved, edits, memory);
            },
            cancel);
        ledger.Signal.Set();
        return SentAnswer(sent, json => WriteContext(json, task, run, edits, memory, moved));
    }

    private static void WriteContext(Utf8JsonWriter json, string task, string? run, List<Fact> edits, List<string> memory, List<Claim> claims)
    {
        json.WriteString("task", task);
        json.Maybe("run", run);
        json.List("edits", edits, HookViews.WriteFact);
        json.List("memory", memory);
        json.List("claims", claims.Take(MaxContext), HookViews.WriteClaim);
    }

    private async Task<JsonElement> LockAsync(JsonArgs args, string id, CancellationToken cancel)
    {
        var (holder, given, exclusive) = (args.NeedName("agent"), args.NeedText("glob", LedgerLimits.MaxSubject), args.Flag("exclusive"));
        var glob = ClaimRule.Normal(given, out var problem) ?? throw new RequestException(RequestCodes.BadRequest, $"'{Text.Shorten(given, 80)}' cannot be claimed: {problem}");
        var ttl = args.Whole("ttlMs");
        if (ttl < 1) throw new RequestException(RequestCodes.BadRequest, "the time that a claim holds must be at least a millisecond");
        var (task, run) = (args.Name("task"), args.Name("run"));
        var owners = ledger.Live.Tasks.Where(t => !(t.Run == run && t.Task == task) && t.Agent != holder && t.Owns.Any(o => InProject(t, o) is { } owned && ClaimRule.Overlap(owned, glob))).ToList();
        if (owners.FirstOrDefault(t => t.Ownership == Plans.OwnershipRule.Block) is { } blocking)
            throw new RequestException(RequestCodes.Refused, $"'{glob}' cannot be claimed: task {blocking.Task} of run {blocking.Run} owns files of it, and {blocking.Agent} works on that");
        var wish = new Claim(0, glob, holder, exclusive, ledger.Now, ttl is { } ms ? ledger.Now + Math.Min(ms, (long)TimeSpan.FromDays(365).TotalMilliseconds) : null, task, run, args.Name("session"), Note(args));
        var outcome = await ledger.WriteAsync(
            (sql, now) =>
            {
                FactWrites.Meet(sql, holder, now, ledger.Limits);
                return ClaimTable.Add(sql, wish, id, ledger.Limits);
            },
            cancel);
        if (outcome.Claim is null) throw new RequestException(RequestCodes.Refused, $"'{glob}' cannot be claimed{(exclusive ? " exclusively" : "")}: {Described(outcome.Overlaps)}");
        return JsonBuild.Object(json =>
        {
            json.WriteStartObject("claim");
            HookViews.WriteClaim(json, outcome.Claim);
            json.WriteEndObject();
            json.List("overlaps", outcome.Overlaps.Take(LedgerLimits.MaxListed), HookViews.WriteClaim);
            if (owners.Count > 0) json.List("owned", owners.Take(LedgerLimits.MaxListed), static (j, t) =>
            {
                j.WriteString("holder", t.Agent);
                j.WriteString("task", t.Task);
                j.WriteString("run", t.Run);
            });
        });
    }

    private async Task<JsonElement> UnlockAsync(JsonArgs args, CancellationToken cancel)
    {
        var (holder, glob) = (args.NeedName("agent"), args.Text("glob", LedgerLimits.MaxSubject));
        var normal = glob is null ? null : ClaimRule.Normal(glob, out var problem) ?? throw new RequestException(RequestCodes.BadRequest, $"'{Text.Shorten(glob, 80)}' cannot be given back: {problem}");
        var given = await ledger.WriteAsync((sql, now) => ClaimTable.Release(sql, holder, normal, now), cancel);
        return JsonBuild.Object(json => json.List("released", given.Take(LedgerLimits.MaxListed), HookViews.WriteClaim));
    }

    private JsonElement Locks() => JsonBuild.Object(json => json.List("claims", ledger.Read(sql => ClaimTable.Held(sql, ledger.Now), []), HookViews.WriteClaim));

    private string? InProject(LiveTask task, string owned) =>
        Ownership.Relative(ledger.Project, Path.Combine(RealPath.Of(task.Workspace), owned)) is { } path ? ClaimRule.Normal(path, out _) : null;

    private static string? Note(JsonArgs args) => args.Text("note", LedgerLimits.MaxValue) is { } note ? Secrets.MaskTokens(note) : null;

    private static string Described(IReadOnlyList<Claim> claims) =>
        string.Join("; ", claims.Take(5).Select(c => $"{c.Holder} holds '{c.Glob}'{(c.Exclusive ? " exclusively" : "")}{(c.Task is null ? "" : $" for {c.Task}")}")) + (claims.Count > 5 ? $"; and {claims.Count - 5} more" : "");

    private static TimeSpan Limit(JsonArgs args)
    {
        var ms = args.Whole("timeoutMs") ?? 60_000;
        if (ms < 0 || ms > LedgerLimits.MaxWait.TotalMilliseconds) throw new RequestException(RequestCodes.BadRequest, $"a wait of {ms} ms is not possible: give up to {LedgerLimits.MaxWait.TotalHours:0} hours");
        return TimeSpan.FromMilliseconds(ms);
    }

    private static JsonElement SentAnswer(Sent sent, Action<Utf8JsonWriter>? more = null) => JsonBuild.Object(json =>
    {
        json.WriteNumber("message", sent.Id);
        json.List("delivered", sent.Delivered);
        var notes = new List<string>();
        Tell(notes.Add, sent);
        if (notes.Count > 0) json.List("notes", notes);
        more?.Invoke(json);
    });
}
