using Skep.Agents.Specs;
using Skep.Mcp.Catalogue;
using Skep.Mcp.Folder;
using Skep.Orchestration;

namespace Skep.Mcp.Tools.Memory;

/// <summary><c>memory_namespace</c>: the namespaces of memory.</summary>
internal sealed class MemoryNamespaceTool() : McpTool(
    "memory_namespace",
    "Namespaces of memory",
    "Lists namespaces at and below one, or deletes all entries of one.",
    ToolEffect.Removes,
    """
    {"type":"object","properties":{
      "namespace":{"type":"string","minLength":1,"maxLength":256},
      "action":{"type":"string","enum":["list","clear"]}},"required":["namespace","action"],"additionalProperties":false}
    """,
    ToolGroup.Extended)
{
    public override async Task<ToolReply> CallAsync(ToolCall call, CancellationToken cancel)
    {
        var space = call.Args.Need("namespace");
        if (call.Args.Need("action") == "clear")
        {
            var written = await call.Desk.WriteAsync(MemoryOps.Delete, new MemoryArgs { Prefix = space + "/" }, cancel);
            return ToolReply.Of($"deleted {Facts.Count(written.Deleted ?? 0, "entry")} of {space}", json => json.WriteNumber("deleted", written.Deleted ?? 0));
        }

        var page = (await call.Desk.ReadAsync(MemoryOps.Namespaces, new MemoryArgs { Prefix = space, Limit = Bounds.Rows }, MemoryJson.Default.MemoryNamespacesMessage, cancel))!;
        return ToolReply.Of(Facts.Count(page.Namespaces.Count, "namespace") + (page.Next is null ? "" : "; more follow"), json => json.Rows("namespaces", page.Namespaces, Bounds.Rows, n =>
        {
            json.WriteString("namespace", n.Name);
            json.WriteNumber("entries", n.Entries);
            json.WriteNumber("bytes", n.Bytes);
        }));
    }
}

/// <summary><c>memory_backup</c>: writes memory to a file.</summary>
internal sealed class MemoryBackupTool() : McpTool(
    "memory_backup",
    "Back memory up",
    "Writes all entries of memory to a new file in the workspace, one a line as JSON. memory_restore and 'skep memory restore' read it.",
    ToolEffect.Adds,
    """{"type":"object","properties":{"path":{"type":"string","minLength":1,"maxLength":1024,"description":"A file that is not there yet. Default: memory-TIME.jsonl."}},"additionalProperties":false}""",
    ToolGroup.Extended)
{
    public override async Task<ToolReply> CallAsync(ToolCall call, CancellationToken cancel)
    {
        var path = InWorkspace(call.Desk, call.Args.Text("path") ?? $"memory-{call.Desk.Now.UtcDateTime.ToString("yyyyMMdd-HHmmss", System.Globalization.CultureInfo.InvariantCulture)}.jsonl");
        if (Path.Exists(path)) throw new ToolFault($"'{path}' is there already; name another file");
        await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None);
        var entries = call.Desk.Memory.Export("", file);
        file.Flush(flushToDisk: true);
        return ToolReply.Of($"wrote {Facts.Count(entries, "entry")} to {path}", json =>
        {
            json.WriteString("path", path);
            json.WriteNumber("entries", entries);
        });
    }

    /// <summary>A file in the workspace, links followed.</summary>
    /// <exception cref="ToolFault">It lies elsewhere.</exception>
    public static string InWorkspace(FolderDesk desk, string given)
    {
        var workspace = Path.GetFullPath(desk.Settings.Workspace);
        var path = Path.GetFullPath(given, workspace);
        var folder = RealPath.Of(Path.GetDirectoryName(path)!) ?? throw new ToolFault($"there is no folder '{Path.GetDirectoryName(path)}'; make it first");
        return RealPath.IsWithin(folder, RealPath.Of(workspace)!) && (RealPath.Of(path) is not { } real || RealPath.IsWithin(real, RealPath.Of(workspace)!))
            ? path
            : throw new ToolFault($"'{path}' lies outside the workspace {workspace}; name a file in it");
    }
}

/// <summary><c>memory_restore</c>: reads a backup.</summary>
internal sealed class MemoryRestoreTool() : McpTool(
    "memory_restore",
    "Restore memory",
    "Restores entries of memory from a file in the workspace that memory_backup or 'skep memory export' wrote. Entries that are newer than those of the file are kept.",
    ToolEffect.Removes,
    """{"type":"object","properties":{"backupPath":{"type":"string","minLength":1,"maxLength":1024}},"required":["backupPath"],"additionalProperties":false}""",
    ToolGroup.Extended)
{
    public override async Task<ToolReply> CallAsync(ToolCall call, CancellationToken cancel)
    {
        var path = MemoryBackupTool.InWorkspace(call.Desk, call.Args.Need("backupPath"));
        var args = System.Text.Json.JsonSerializer.SerializeToElement(new MemoryArgs { File = path, Mode = "newer" }, MemoryJson.Default.MemoryArgs);
        var done = System.Text.Json.JsonSerializer.Deserialize(await call.Desk.AskAsync(MemoryOps.Restore, args, cancel), MemoryJson.Default.MemoryRestoreMessage)!;
        return ToolReply.Of($"restored {Facts.Count(done.Restored, "entry")}, kept {done.Kept} newer ones", json =>
        {
            json.WriteNumber("restored", done.Restored);
            json.WriteNumber("kept", done.Kept);
            json.WriteNumber("expired", done.Expired);
        });
    }
}
