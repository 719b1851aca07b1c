using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Skep.Mcp.Folder;
using Skep.Orchestration;

namespace Skep.Mcp.Tools.Goals;

/// <summary>
/// The drafts of a folder, as entries of memory: <c>skep/goal-plans/ID</c>. An id is made of the plan's text, so that what somebody agreed to is what runs, whoever writes to memory in between.
/// What is written is durable when a method returns.
/// </summary>
internal sealed class GoalBook(FolderDesk desk)
{
    /// <summary>How long a draft is kept.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(7);

    private const string Space = "skep/goal-plans/";
    private const int IdBytes = 10;

    /// <summary>The id of a plan's text.</summary>
    public static string IdOf(string plan) => "plan-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(plan)).AsSpan(0, IdBytes));

    /// <summary>Keeps a draft. The same plan again is the same draft, and may be run again.</summary>
    public async Task<string> KeepAsync(GoalDraft draft, CancellationToken cancel)
    {
        var id = IdOf(draft.Plan);
        await WriteAsync(id, draft, null, cancel);
        return id;
    }

    /// <summary>The draft of an id, and its version.</summary>
    /// <exception cref="ToolFault">There is none, or it is not what was shown under this id.</exception>
    public async Task<(GoalDraft Draft, long Version)> RequireAsync(string id, CancellationToken cancel)
    {
        var entry = IsId(id) ? await desk.ReadAsync(MemoryOps.Get, new MemoryArgs { Path = Space + id }, MemoryJson.Default.MemoryEntryMessage, cancel) : null;
        if (entry is null) throw new ToolFault($"there is no plan '{Orchestration.Text.Shorten(id, 64)}'; task_orchestrate with a task makes one, and its answer names it. Plans are kept for {Kept.TotalDays} days");
        var draft = Read(entry.Text);
        return draft is not null && IdOf(draft.Plan) == id ? (draft, entry.Version)
            : throw new ToolFault($"the entry '{Space}{id}' is not the plan that was shown under this id: somebody has changed it. Nothing was started; let the task be planned again");
    }

    /// <summary>Takes a draft for a run, if nobody has done so since it was read.</summary>
    /// <exception cref="ToolFault">Somebody has.</exception>
    public Task<MemoryWriteMessage> TakeAsync(string id, GoalDraft draft, long version, string run, CancellationToken cancel) => WriteAsync(id, draft with { Run = run }, version, cancel);

    /// <summary>Gives a draft back whose run did not begin.</summary>
    public Task GiveBackAsync(string id, GoalDraft draft) => WriteAsync(id, draft, null, CancellationToken.None);

    private Task<MemoryWriteMessage> WriteAsync(string id, GoalDraft draft, long? version, CancellationToken cancel) => desk.WriteAsync(
        MemoryOps.Store,
        new MemoryArgs { Path = Space + id, Text = JsonSerializer.Serialize(draft, GoalJson.Default.GoalDraft), Type = "json", TtlMs = (long)Kept.TotalMilliseconds, IfVersion = version, Agent = desk.Settings.By },
        cancel);

    private static bool IsId(string id) => id.Length <= 64 && id.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');

    private static GoalDraft? Read(string? text)
    {
        try
        {
            return text is null ? null : JsonSerializer.Deserialize(text, GoalJson.Default.GoalDraft);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
