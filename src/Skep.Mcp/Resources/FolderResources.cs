using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using Skep.Mcp.Folder;
using Skep.Mcp.Tools;
using Skep.Mcp.Tools.Runs;
using Skep.Orchestration;
using Skep.Orchestration.Hooks;

namespace Skep.Mcp.Resources;

/// <summary>
/// What clients can read without calling a tool: <c>skep://runs</c>, <c>skep://runs/{id}</c>, <c>skep://runs/{id}/report</c> and <c>skep://memory/{key}</c>.
/// </summary>
internal sealed class FolderResources(FolderDesk desk)
{
    private const string Runs = "skep://runs";
    private const string Memory = "skep://memory/";
    private const string Json = "application/json";
    private const string Markdown = "text/markdown";

    /// <summary>Most runs that are listed.</summary>
    private const int MaxRuns = 20;

    /// <summary>The templates.</summary>
    public static ListResourceTemplatesResult Templates() => new()
    {
        ResourceTemplates =
        [
            new ResourceTemplate { Name = "run", Title = "State of a run", UriTemplate = Runs + "/{id}", MimeType = Json, Description = "Tasks, failures, and what waits for somebody. The id may be 'last'." },
            new ResourceTemplate { Name = "report", Title = "Report of a run", UriTemplate = Runs + "/{id}/report", MimeType = Markdown, Description = "What came of a run, and why it took as long as it did." },
            new ResourceTemplate { Name = "memory", Title = "Entry of memory", UriTemplate = Memory + "{+key}", Description = "The value of an entry, named with its namespace, such as swarm/plan." },
        ],
    };

    /// <summary>The list of runs, and the newest of them with their reports.</summary>
    public ListResourcesResult List()
    {
        List<Resource> resources = [new() { Name = "runs", Title = "Runs", Uri = Runs, MimeType = Json, Description = "The runs of this folder, newest first." }];
        foreach (var run in RunReader.List(desk.Store, MaxRuns))
        {
            resources.Add(new Resource { Name = run.Run, Title = $"{run.Plan}: {run.Status.Name()}", Uri = $"{Runs}/{run.Run}", MimeType = Json });
            resources.Add(new Resource { Name = $"{run.Run} report", Title = $"Report of {run.Run}", Uri = $"{Runs}/{run.Run}/report", MimeType = Markdown });
        }

        return new ListResourcesResult { Resources = resources };
    }

    /// <summary>Reads one.</summary>
    /// <exception cref="McpProtocolException">There is none.</exception>
    public async Task<ReadResourceResult> ReadAsync(string uri, CancellationToken cancel)
    {
        try
        {
            var (type, text) = await TextAsync(uri, cancel);
            return new ReadResourceResult { Contents = [new TextResourceContents { Uri = uri, MimeType = type, Text = text }] };
        }
        catch (Exception e) when (e is ToolFault or RunLogException)
        {
            throw new McpProtocolException(e.Message, e, McpErrorCode.ResourceNotFound);
        }
    }

    private async Task<(string Type, string Text)> TextAsync(string uri, CancellationToken cancel)
    {
        if (uri == Runs) return (Json, await RunsAsync(cancel));
        if (uri.StartsWith(Memory, StringComparison.Ordinal)) return await EntryAsync(Uri.UnescapeDataString(uri[Memory.Length..]), cancel);
        var parts = uri.StartsWith(Runs + "/", StringComparison.Ordinal) ? uri[(Runs.Length + 1)..].Split('/') : [];
        return parts switch
        {
            [var id] when id.Length > 0 => (Json, await RunAsync(RunLook.Load(desk, Uri.UnescapeDataString(id)), cancel)),
            [var id, "report"] when id.Length > 0 => (Markdown, Text.Shorten(RunReport.Build(RunLook.Load(desk, Uri.UnescapeDataString(id)), new RunReportOptions { Now = desk.Now }).ToMarkdown(), 4 * Bounds.Value)),
            _ => throw new ToolFault($"there is no resource '{Text.Shorten(uri, 100)}'; there are skep://runs, skep://runs/ID, skep://runs/ID/report and skep://memory/KEY"),
        };
    }

    private async Task<string> RunsAsync(CancellationToken cancel)
    {
        var live = await RunLook.LiveAsync(desk, cancel);
        return JsonBuild.Text(json => json.Rows("runs", RunReader.List(desk.Store, Bounds.DefaultRows), Bounds.DefaultRows, r => RunJson.Head(json, RunReader.Load(desk.Store, desk.Blobs, r.Run), live, desk.Now)));
    }

    private async Task<string> RunAsync(RunState state, CancellationToken cancel)
    {
        var live = await RunLook.LiveAsync(desk, cancel);
        return JsonBuild.Text(json => RunJson.Write(json, state, live, desk.Now, Bounds.Rows));
    }

    private async Task<(string Type, string Text)> EntryAsync(string path, CancellationToken cancel)
    {
        var entry = await desk.ReadAsync(MemoryOps.Get, new MemoryArgs { Path = path }, MemoryJson.Default.MemoryEntryMessage, cancel) ?? throw new ToolFault($"there is no entry '{Text.Shorten(path, 100)}' in memory");
        return entry.Text is { } text ? (entry.Type, text) : (Json, JsonBuild.Text(json => json.WriteString("base64", entry.Base64 ?? "")));
    }
}
