using System.Security.Cryptography;
using System.Text.Json;
using Skep.Orchestration.Hooks;

namespace Skep.Agents.Tools;

/// <summary>What is known of a call that changes a file, from an earlier delivery of it.</summary>
/// <param name="Done">Whether it was recorded as done.</param>
/// <param name="Before">Hash of what it was to replace; null when there was no file.</param>
/// <param name="After">Hash of what it was to write.</param>
internal sealed record EarlierEdit(bool Done, string? Before, string After);

/// <summary>
/// Writes down edits in the folder's ledger: asks before (who owns the file, the plans' hooks), what is about to be written, and that it was, as
/// <c>skep hooks pre-edit</c> and <c>post-edit</c> do. A call that is delivered again is recognised by that, and changes the file once.
/// </summary>
internal sealed class EditBook(HookLedger ledger, HooksFamily hooks)
{
    private const string Intent = "edit-intent";

    /// <summary>Lower-case hex of the hash.</summary>
    public static string Hash(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content));

    /// <summary>What an earlier delivery left behind, or null.</summary>
    public EarlierEdit? Earlier(ToolCall call)
    {
        var (intent, done) = (RequestKey.Of(call, Intent), RequestKey.Of(call, "post-edit"));
        return ledger.Read(
            sql =>
            {
                var row = sql.Sql("SELECT data, EXISTS (SELECT 1 FROM hooks_facts WHERE request = ?2) FROM hooks_facts WHERE request = ?1").Bind(1, intent).Bind(2, done);
                if (!row.Step()) return null;
                using var data = JsonDocument.Parse(row.Text(0));
                return new EarlierEdit(row.Number(1) != 0, data.RootElement.GetProperty("before").GetString(), data.RootElement.GetProperty("after").GetString()!);
            },
            null);
    }

    /// <summary>Asks whether the file may be changed. Returns what there is to be noted.</summary>
    /// <exception cref="ToolRefusal">It must not be changed.</exception>
    public Task<IReadOnlyList<string>> AskAsync(ToolCall call, string file, CancellationToken cancel) => hooks.HookAsync(call, "pre-edit", Flags(file), cancel);

    /// <summary>Writes down what is about to be written; durable when the task completes.</summary>
    public Task IntendAsync(ToolCall call, string file, string? before, string after, CancellationToken cancel)
    {
        var attempt = call.Agent.Attempt;
        var fact = new NewFact(Intent, RequestKey.Of(call, Intent))
        {
            Agent = attempt.AgentName, Run = attempt.RunId, Task = attempt.TaskId.Length == 0 ? null : attempt.TaskId, Subject = file, Source = "chat",
            Data = JsonBuild.Text(json =>
            {
                json.WriteString("before", before);
                json.WriteString("after", after);
            }),
        };
        return ledger.RecordAsync(fact, cancel);
    }

    /// <summary>Writes down that the file was changed. Returns what there is to be noted.</summary>
    public async Task<IReadOnlyList<string>> DoneAsync(ToolCall call, string file, string operation, CancellationToken cancel)
    {
        try
        {
            return await hooks.HookAsync(call, "post-edit", Flags(file, operation), cancel);
        }
        catch (ToolRefusal e)
        {
            // What is done is done: a plan's hook that objects now is told as a note.
            return [e.Message];
        }
    }

    private static Dictionary<string, string> Flags(string file, string? operation = null)
    {
        var flags = new Dictionary<string, string>(StringComparer.Ordinal) { ["file"] = file };
        if (operation is not null) flags["operation"] = operation;
        return flags;
    }
}
