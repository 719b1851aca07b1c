using Skep.Mcp.Arguments;
using Skep.Mcp.Catalogue;
using Skep.Mcp.Folder;
using Skep.Orchestration;

namespace Skep.Mcp.Tools.Memory;

/// <summary><c>memory_search</c>: finds entries by name or content.</summary>
internal sealed class MemorySearchTool() : McpTool(
    "memory_search",
    "Search memory",
    "Finds entries of memory whose name or text contains a pattern. A pattern with * or ? is a glob over names.",
    ToolEffect.Looks,
    """
    {"type":"object","properties":{
      "pattern":{"type":"string","minLength":1,"maxLength":1024,"description":"A text, or a glob with * and ?."},
      "namespace":{"type":"string","minLength":1,"maxLength":256,"description":"Look in this namespace only."},
      "limit":{"type":"integer","minimum":1,"maximum":200,"description":"Most entries. Default 10."},
      "after":{"type":"string","maxLength":600,"description":"Go on after this path, which an earlier answer gave as next."}},
     "required":["pattern"],"additionalProperties":false}
    """)
{
    public override Task<ToolReply> CallAsync(ToolCall call, CancellationToken cancel) => SearchAsync(call.Desk, call.Args, call.Args.Need("pattern"), cancel);

    /// <summary>Searches for whoever asks.</summary>
    public static async Task<ToolReply> SearchAsync(FolderDesk desk, ToolArguments args, string pattern, CancellationToken cancel)
    {
        var isGlob = pattern.AsSpan().ContainsAny('*', '?');
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
