using Skep.Mcp.Arguments;
using Skep.Mcp.Catalogue;
using Skep.Mcp.Folder;
using Skep.Orchestration;

namespace Skep.Mcp.Tools.Memory;

/// <summary><c>memory_search</c>: finds entries by name or content.</summary>
internal sealed class MemorySearchTool() : McpTool(
    "memory_search",
    "Search memory",
    "Finds entries of memory, best first: by words and by nearness of vectors, among those that pass a filter. A pattern with * or ? is a glob over names.",
    ToolEffect.Looks,
    """
    {"type":"object","properties":{
      "pattern":{"type":"string","minLength":1,"maxLength":16384,"description":"Words to find, or a glob with * and ?."},
      "filter":{"type":"string","minLength":1,"maxLength":65536,"description":"A condition on path, namespace, key, type, agent, task, run, created, updated, size, tags and members of JSON values, such as: tags has \"urgent\" and updated > 2026-01-31"},
      "mode":{"type":"string","enum":["auto","text","vector","hybrid","contains"],"description":"By words, by nearness, by both; contains: letter for letter. Default auto."},
      "vector":{"type":"array","items":{"type":"number"},"maxItems":8192,"description":"Find neighbours of this vector, of the namespace's model."},
      "namespace":{"type":"string","minLength":1,"maxLength":256,"description":"Look in this namespace only."},
      "limit":{"type":"integer","minimum":1,"maximum":200,"description":"Most entries. Default 10."},
      "after":{"type":"string","maxLength":600,"description":"With a glob or contains: go on after this path, which an earlier answer gave as next."}},
     "additionalProperties":false}
    """)
{
    public override Task<ToolReply> CallAsync(ToolCall call, CancellationToken cancel) => SearchAsync(call.Desk, call.Args, call.Args.Text("pattern"), cancel);

    /// <summary>Searches for whoever asks.</summary>
    public static Task<ToolReply> SearchAsync(FolderDesk desk, ToolArguments args, string? pattern, CancellationToken cancel)
    {
        if (pattern is null && !args.Has("filter") && !args.Has("vector")) throw new ToolFault("'pattern' is missing: give words to find, or a filter or a vector");
        var scans = pattern is not null && (IsGlob(pattern) || args.Text("mode") == "contains");
        return scans ? ScanAsync(desk, args, pattern!, cancel) : FindAsync(desk, args, pattern, cancel);
    }

    private static bool IsGlob(string pattern) => pattern.AsSpan().ContainsAny('*', '?') && !pattern.AsSpan().ContainsAny(' ', '\n');

    private static async Task<ToolReply> FindAsync(FolderDesk desk, ToolArguments args, string? pattern, CancellationToken cancel)
    {
        if (args.Text("mode") == "contains") throw new ToolFault("mode contains needs a pattern");
        var found = await desk.FindAsync(
            new MemoryFindArgs
            {
                Text = pattern,
                Vector = args.Has("vector") ? [.. args.Raw("vector").EnumerateArray().Select(Number)] : null,
                Filter = args.Text("filter"),
                Prefix = args.Text("namespace") is { } space ? space + "/" : null,
                Limit = args.Whole("limit") ?? 10,
                Mode = args.Text("mode"),
                Values = true,
            },
            cancel);
        return MemoryUsageTool.Found(found);
    }

    private static float Number(System.Text.Json.JsonElement number, int place) => number.TryGetSingle(out var single) && float.IsFinite(single)
        ? single
        : throw new ToolFault($"number {place} of 'vector' is {number.GetRawText()}; all must be finite, and fit 32 bits");

    private static async Task<ToolReply> ScanAsync(FolderDesk desk, ToolArguments args, string pattern, CancellationToken cancel)
    {
        if (args.Has("filter") || args.Has("vector")) throw new ToolFault("a filter or a vector goes with words to find, not with a glob or mode contains");
        var isGlob = IsGlob(pattern);
        var request = new MemoryArgs
        {
            Text = isGlob ? null : pattern,
            Glob = isGlob ? pattern : null,
            Prefix = args.Text("namespace") is { } space ? space + "/" : null,
            After = args.Text("after"),
            Limit = args.Whole("limit") ?? 10,
        };
        var page = await desk.ReadAsync(MemoryOps.Search, request, MemoryJson.Default.MemoryPageMessage, cancel);
        return MemoryUsageTool.Page($"with '{pattern}'", page!);
    }
}
