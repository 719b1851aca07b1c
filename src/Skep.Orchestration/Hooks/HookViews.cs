using System.Text.Json;
using Skep.Orchestration.Coordination;
using Skep.Plans;
using Skep.Storage;

namespace Skep.Orchestration.Hooks;

/// <summary>Hooks that only look, and how facts, sessions and messages are written as JSON.</summary>
public static class HookViews
{
    private static readonly Dictionary<string, string> CategoryOf = new(StringComparer.Ordinal)
    {
        ["pre-edit"] = "edits", ["post-edit"] = "edits", ["pre-command"] = "commands", ["post-command"] = "commands",
        ["pre-task"] = "tasks", ["post-task"] = "tasks", ["task-completed"] = "tasks", ["notify"] = "messages",
        ["session-start"] = "sessions", ["session-restore"] = "sessions", ["session-end"] = "sessions", ["session-export"] = "sessions",
    };

    /// <summary>Answers <c>metrics</c>, <c>list</c> or <c>statusline</c> from a store, whoever owns it; <c>list</c> needs none.</summary>
    /// <exception cref="RequestException">A flag's value makes no sense.</exception>
    public static JsonElement Of(SqliteStore? store, TimeProvider time, HookDefinition hook, HookFlags flags)
    {
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(hook);
        ArgumentNullException.ThrowIfNull(flags);
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        return hook.Name switch
        {
            "list" => List(flags),
            "metrics" when store is not null => Metrics(store, flags, now),
            "statusline" when store is not null => Status(store, now),
            _ => throw new ArgumentException($"'{hook.Name}' needs a store", nameof(store)),
        };
    }

    /// <summary>All agents that were heard of, and those at work.</summary>
    internal static IReadOnlyList<KnownAgent> AgentsOf(HookLedger ledger)
    {
        var known = ledger.Read(sql => FactReader.Agents(sql, LedgerLimits.MaxListed), []);
        var names = known.Select(a => a.Name).ToHashSet(StringComparer.Ordinal);
        return [.. ledger.Live.Tasks.Where(t => names.Add(t.Agent)).Select(t => new KnownAgent(t.Agent, ledger.Now, ledger.Now)), .. known];
    }

    internal static void WriteFact(Utf8JsonWriter json, Fact fact)
    {
        json.WriteNumber("seq", fact.Seq);
        json.Moment("at", fact.AtUnixMs);
        json.WriteString("kind", fact.Kind);
        json.Maybe("session", fact.Session);
        json.Maybe("agent", fact.Agent);
        json.Maybe("task", fact.Task);
        json.Maybe("run", fact.Run);
        json.Maybe("subject", fact.Subject);
        json.Maybe("sha256", fact.Sha256);
        json.Maybe("size", fact.Size);
        json.Maybe("memory", fact.Memory);
        json.Maybe("success", fact.Success);
    }

    internal static void WriteWholeFact(Utf8JsonWriter json, Fact fact)
    {
        WriteFact(json, fact);
        if (fact.Data is null) return;
        json.WritePropertyName("data");
        json.WriteRawValue(fact.Data);
    }

    internal static void WriteSession(Utf8JsonWriter json, SessionInfo session)
    {
        json.WriteString("id", session.Id);
        json.Moment("started", session.StartedUnixMs);
        json.Moment("last", session.LastUnixMs);
        json.Moment("ended", session.EndedUnixMs);
        json.Maybe("agent", session.Agent);
        json.Maybe("source", session.Source);
        json.Maybe("cwd", session.Cwd);
        json.WriteNumber("restored", session.Restored);
        json.WriteNumber("facts", session.Facts);
        json.WriteNumber("edits", session.Edits);
        json.WriteNumber("commands", session.Commands);
        json.WriteNumber("failed", session.Failed);
        json.WriteNumber("tasks", session.Tasks);
        json.WriteNumber("messages", session.Messages);
    }

    internal static void WriteMetrics(Utf8JsonWriter json, SessionInfo session, IReadOnlyList<(string Kind, long Count, long Failed)> counts)
    {
        json.WriteString("session", session.Id);
        json.WriteNumber("durationMs", (session.EndedUnixMs ?? session.LastUnixMs) - session.StartedUnixMs);
        WriteCounts(json, counts);
    }

    internal static void WriteAgent(Utf8JsonWriter json, KnownAgent agent)
    {
        json.WriteString("name", agent.Name);
        json.Moment("last", agent.LastUnixMs);
    }

    internal static void WriteClaim(Utf8JsonWriter json, Claim claim)
    {
        json.WriteNumber("id", claim.Id);
        json.WriteString("glob", claim.Glob);
        json.WriteString("holder", claim.Holder);
        json.WriteBoolean("exclusive", claim.Exclusive);
        json.Moment("since", claim.AtUnixMs);
        json.Moment("expires", claim.ExpiresUnixMs);
        json.Maybe("task", claim.Task);
        json.Maybe("run", claim.Run);
        json.Maybe("note", claim.Note);
    }

    internal static void WriteMessage(Utf8JsonWriter json, Message message)
    {
        json.WriteNumber("id", message.Id);
        json.Moment("at", message.AtUnixMs);
        json.WriteString("kind", message.Kind);
        json.WriteString("from", message.Sender);
        json.WriteString("text", message.Text);
        json.Maybe("level", message.Level);
        json.Maybe("channel", message.Channel);
        json.Maybe("replyTo", message.ReplyTo);
        json.Moment("deadline", message.DeadlineUnixMs);
        if (message.Late) json.WriteBoolean("late", true);
        json.Maybe("task", message.Task);
        json.Maybe("run", message.Run);
        json.Moment("read", message.ReadUnixMs);
        if (message.Data is null) return;
        json.WritePropertyName("data");
        json.WriteRawValue(message.Data);
    }

    private static JsonElement Metrics(SqliteStore store, HookFlags flags, long now)
    {
        var since = flags.Text("period") is not { } text ? 0
            : Plans.Reading.Text.DurationText.TryParse(text, out var period, out _) ? Math.Max(0, now - (long)period.TotalMilliseconds)
            : throw new RequestException(RequestCodes.BadRequest, $"'--period' is '{Text.Shorten(text, 40)}': give a duration such as 30m, 24h or 7d");
        var category = flags.Text("category");
        if (category is not null && !CategoryOf.ContainsValue(category))
            throw new RequestException(RequestCodes.BadRequest, $"'--category' is '{Text.Shorten(category, 40)}': {Suggestion.Hint(category, [.. CategoryOf.Values.Distinct(StringComparer.Ordinal)], "the categories")}");
        var (counts, sessions) = store.Read(
            HookLedger.Module, sql => (FactReader.Counts(sql, null, since), FactReader.Sessions(sql, since, LedgerLimits.MaxListed)), ((List<(string, long, long)>)[], (List<SessionInfo>)[]));
        return JsonBuild.Object(json =>
        {
            json.WriteString("hook", "metrics");
            WriteCounts(json, [.. counts.Where(c => category is null || CategoryOf.GetValueOrDefault(c.Item1) == category)]);
            json.List("sessions", sessions, WriteSession);
        });
    }

    private static void WriteCounts(Utf8JsonWriter json, IReadOnlyList<(string Kind, long Count, long Failed)> counts)
    {
        json.WriteNumber("facts", counts.Sum(c => c.Count));
        json.WriteStartObject("kinds");
        foreach (var (kind, count, _) in counts) json.WriteNumber(kind, count);
        json.WriteEndObject();
        json.WriteStartObject("failures");
        foreach (var (kind, _, failed) in counts.Where(c => c.Failed > 0)) json.WriteNumber(kind, failed);
        json.WriteEndObject();
    }

    private static JsonElement List(HookFlags flags)
    {
        var hooks = HookCatalog.All.Where(h => !h.Internal && (!flags.IsOn("enabled") || h.Missing is null) && (flags.Text("type") is not { } group || h.Group == group));
        return JsonBuild.Object(json =>
        {
            json.WriteString("hook", "list");
            json.List("catalog", hooks, static (j, h) =>
            {
                j.WriteString("name", h.Name);
                j.WriteString("group", h.Group);
                j.WriteBoolean("enabled", h.Missing is null);
                j.WriteString("description", h.Description);
                j.List("flags", h.Flags, static (f, flag) =>
                {
                    f.WriteString("name", "--" + flag.Name);
                    f.WriteString("kind", flag.Kind switch { HookFlagKind.Switch => "true|false", HookFlagKind.Whole => "whole number", HookFlagKind.Number => "number", _ => "text" });
                    f.WriteBoolean("honoured", flag.NotActedOn is null);
                    f.WriteString("description", flag.Description);
                });
            });
        });
    }

    private static JsonElement Status(SqliteStore store, long now)
    {
        var live = RunReader.List(store, LedgerLimits.MaxListed).Count(r => !r.Status.IsEnded());
        var (open, edits, unread, claims) = store.Read(
            HookLedger.Module,
            sql => (FactReader.Sessions(sql, 0, LedgerLimits.MaxListed).Count(s => s.EndedUnixMs is null),
                FactReader.Counts(sql, null, now - 86_400_000).Where(c => c.Kind == "post-edit").Sum(c => c.Count),
                MessageTable.Waiting(sql, LedgerLimits.MaxListed).Sum(w => w.Unread), ClaimTable.Held(sql, now).Count),
            (0, 0L, 0L, 0));
        return JsonBuild.Object(json =>
        {
            json.WriteString("hook", "statusline");
            json.WriteNumber("runsOpen", live);
            json.WriteNumber("sessionsOpen", open);
            json.WriteNumber("editsToday", edits);
            json.WriteNumber("unread", unread);
            json.WriteNumber("claims", claims);
        });
    }
}
