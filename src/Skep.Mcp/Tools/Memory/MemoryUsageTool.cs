using System.Text.Json;
using Skep.Mcp.Arguments;
using Skep.Mcp.Catalogue;
using Skep.Orchestration;
using Skep.Orchestration.Hooks;

namespace Skep.Mcp.Tools.Memory;

/// <summary><c>memory_usage</c>: stores, reads, lists, deletes and searches entries.</summary>
internal sealed class MemoryUsageTool() : McpTool(
    "memory_usage",
    "Memory",
    "Durable memory that agents, runs and sessions share: store, retrieve, list, delete or search entries. What is stored is on disk when this answers.",
    ToolEffect.Removes,
    """
    {"type":"object","properties":{
      "action":{"type":"string","enum":["store","retrieve","list","delete","search","stats"],"description":"What to do; stats tells how full memory is."},
      "key":{"type":"string","minLength":1,"maxLength":512,"description":"Name of the entry: ASCII letters, digits, - _ . : @, and / between parts. For search: what to look for, unless pattern is given."},
      "value":{"description":"What to store: a text; anything else is stored as JSON."},
      "namespace":{"type":"string","minLength":1,"maxLength":256,"description":"Where the entry lies. Default: default."},
      "ttl":{"type":"number","minimum":0.001,"maximum":315360000,"description":"Seconds until the entry expires; without it, it stays."},
      "pattern":{"type":"string","minLength":1,"maxLength":16384,"description":"For search: words to find, or a glob with * and ?; memory_search can do more."},
      "filter":{"type":"string","minLength":1,"maxLength":65536,"description":"For search: a condition on metadata, as in memory_search."},
      "limit":{"type":"integer","minimum":1,"maximum":200,"description":"For list and search: most entries. Default 50."},
      "after":{"type":"string","maxLength":600,"description":"For list and search: go on after this path, which an earlier answer gave as next."}},
     "required":["action"],"additionalProperties":false}
    """)
{
    public override Task<ToolReply> CallAsync(ToolCall call, CancellationToken cancel) => call.Args.Need("action") switch
    {
        "store" => StoreAsync(call, cancel),
        "retrieve" => RetrieveAsync(call, cancel),
        "list" => ListAsync(call, cancel),
        "delete" => DeleteAsync(call, cancel),
        "search" => MemorySearchTool.SearchAsync(call.Desk, call.Args, call.Args.Text("pattern") ?? call.Args.Text("key"), cancel),
        _ => StatsAsync(call, cancel),
    };

    private static async Task<ToolReply> StoreAsync(ToolCall call, CancellationToken cancel)
    {
        if (!call.Args.Has("value")) throw new ToolFault("'value' is missing: action store needs it");
        var value = call.Args.Raw("value");
        var isText = value.ValueKind == JsonValueKind.String;
        var written = await call.Desk.WriteAsync(
            MemoryOps.Store,
            new MemoryArgs
            {
                Path = Path(call.Args, "store"),
                Text = isText ? value.GetString() : value.GetRawText(),
                Type = isText ? "text" : "json",
                TtlMs = call.Args.Number("ttl") is { } seconds ? (long)(seconds * 1000) : null,
                Agent = call.Desk.Settings.By,
            },
            cancel);
        return ToolReply.Of($"stored {written.Path}, version {written.Version}", json =>
        {
            json.WriteString("path", written.Path);
            json.WriteNumber("version", written.Version);
            json.Moment("expires_at", written.Expires);
        });
    }

    private static async Task<ToolReply> RetrieveAsync(ToolCall call, CancellationToken cancel)
    {
        var path = Path(call.Args, "retrieve");
        var entry = await call.Desk.ReadAsync(MemoryOps.Get, new MemoryArgs { Path = path }, MemoryJson.Default.MemoryEntryMessage, cancel);
        return entry is null
            ? ToolReply.Of($"there is no entry {path}", json =>
            {
                json.WriteString("path", path);
                json.WriteBoolean("found", false);
            })
            : ToolReply.Of($"{entry.Path}, version {entry.Version}", json =>
            {
                json.WriteBoolean("found", true);
                Entry(json, entry, Bounds.Value);
            });
    }

    private static async Task<ToolReply> ListAsync(ToolCall call, CancellationToken cancel)
    {
        var page = await call.Desk.ReadAsync(
            MemoryOps.List,
            new MemoryArgs { Prefix = Namespace(call.Args) + "/", After = call.Args.Text("after"), Limit = call.Args.Whole("limit") ?? Bounds.DefaultRows, Values = true },
            MemoryJson.Default.MemoryPageMessage,
            cancel);
        return Page($"of {Namespace(call.Args)}", page!);
    }

    private static async Task<ToolReply> DeleteAsync(ToolCall call, CancellationToken cancel)
    {
        var path = Path(call.Args, "delete");
        var written = await call.Desk.WriteAsync(MemoryOps.Delete, new MemoryArgs { Path = path }, cancel);
        return ToolReply.Of($"deleted {written.Path}, which had version {written.Version}", json =>
        {
            json.WriteString("path", written.Path);
            json.WriteNumber("deleted", written.Deleted ?? 0);
        });
    }

    private static async Task<ToolReply> StatsAsync(ToolCall call, CancellationToken cancel)
    {
        var stats = (await call.Desk.ReadAsync(MemoryOps.Stats, new MemoryArgs { Limit = call.Args.Whole("limit") ?? 20 }, MemoryJson.Default.MemoryStatsMessage, cancel))!;
        return ToolReply.Of($"{Facts.Count(stats.Entries, "entry")} in {Facts.Count(stats.Namespaces, "namespace")}, {stats.Bytes} bytes", json =>
        {
            json.WriteNumber("entries", stats.Entries);
            json.WriteNumber("max_entries", stats.MaxEntries);
            json.WriteNumber("bytes", stats.Bytes);
            json.WriteNumber("max_bytes", stats.MaxBytes);
            json.WriteNumber("with_ttl", stats.WithTtl);
            json.Rows("largest_namespaces", stats.Top, Bounds.Rows, n =>
            {
                json.WriteString("namespace", n.Name);
                json.WriteNumber("entries", n.Entries);
                json.WriteNumber("bytes", n.Bytes);
            });
        });
    }

    /// <summary>A page of entries.</summary>
    internal static ToolReply Page(string what, MemoryPageMessage page) => ToolReply.Of(
        $"{Facts.Count(page.Entries.Count, "entry")} {what}{(page.Next is null ? "" : "; more follow")}",
        json =>
        {
            json.Rows("entries", page.Entries, Bounds.Rows, e => Entry(json, e, Bounds.ShortValue));
            json.Maybe("next", page.Next);
        });

    /// <summary>Entries that were found, best first.</summary>
    internal static ToolReply Found(MemoryFindMessage found) => ToolReply.Of(
        $"{Facts.Count(found.Entries.Count, "entry")} found{(found.Notes is { } notes ? $" ({string.Join("; ", notes)})" : "")}",
        json =>
        {
            json.Rows("entries", found.Entries, Bounds.Rows, e => Entry(json, e, Bounds.ShortValue));
            json.WriteString("mode", found.Mode);
            if (found.Parts is { } parts) Texts(json, "parts", parts);
            if (found.Notes is { } notes) Texts(json, "notes", notes);
        });

    private static void Texts(Utf8JsonWriter json, string name, IReadOnlyList<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts) json.WriteStringValue(text);
        json.WriteEndArray();
    }

    private static void Entry(Utf8JsonWriter json, MemoryEntryMessage entry, int most)
    {
        json.WriteString("path", entry.Path);
        json.WriteNumber("version", entry.Version);
        json.WriteString("type", entry.Type);
        json.WriteNumber("size", entry.Size);
        json.Moment("updated_at", entry.Updated);
        json.Moment("expires_at", entry.Expires);
        json.Maybe("by", entry.Agent);
        if (entry.Score is { } score) json.WriteNumber("score", Math.Round(score, 6));
        if (entry.Distance is { } distance) json.WriteNumber("distance", Math.Round(distance, 6));
        var value = entry.Text ?? entry.Base64;
        if (value is null) return;
        json.WriteString(entry.Text is null ? "base64" : "value", Text.Shorten(value, most));
        if (value.Length > most) json.WriteNumber("value_characters", value.Length);
    }

    private static string Namespace(ToolArguments args) => args.Text("namespace") ?? "default";

    private static string Path(ToolArguments args, string action) => $"{Namespace(args)}/{args.NeedFor("key", "action " + action)}";
}
