using System.Text.Json;
using Skep.Orchestration;
using Skep.Orchestration.Hooks;

namespace Skep.Agents.Tools;

/// <summary>Requests of a tool to the folder's own families, made in the name of its agent; a model cannot speak for another one.</summary>
internal static class LedgerCalls
{
    /// <summary>Asks a family.</summary>
    /// <exception cref="RequestException">It refuses.</exception>
    public static Task<JsonElement> AskAsync(this IRequestFamily family, ToolCall call, string op, string part, Action<Utf8JsonWriter> args, CancellationToken cancel)
    {
        var attempt = call.Agent.Attempt;
        var json = JsonBuild.Object(writer =>
        {
            writer.WriteString("agent", attempt.AgentName);
            writer.WriteString("run", attempt.RunId);
            if (attempt.TaskId.Length > 0) writer.WriteString("task", attempt.TaskId);
            args(writer);
        });
        return family.HandleAsync(new FamilyRequest(op, json, RequestKey.Of(call, part), attempt.AgentName, static (_, _) => ValueTask.CompletedTask), cancel);
    }

    /// <summary>Calls a hook as <c>skep hooks NAME</c> does: it is recorded, and the plans' hooks hear of it. Returns what there is to be noted.</summary>
    /// <exception cref="ToolRefusal">It forbids what it stands before.</exception>
    public static async Task<IReadOnlyList<string>> HookAsync(this HooksFamily hooks, ToolCall call, string hook, IReadOnlyDictionary<string, string> flags, CancellationToken cancel)
    {
        var answer = await hooks.AskAsync(
            call,
            hook,
            hook,
            writer =>
            {
                writer.WriteString("source", "chat");
                writer.WriteString("cwd", call.Agent.Attempt.WorkingDirectory);
                writer.WriteStartObject("flags");
                foreach (var (name, value) in flags) writer.WriteString(name, value);
                writer.WriteEndObject();
            },
            cancel);
        if (answer.TryGetProperty("reason", out var reason)) throw new ToolRefusal(reason.GetString() ?? "it is not allowed");
        return answer.TryGetProperty("notes", out var notes) ? [.. notes.EnumerateArray().Select(n => n.GetString() ?? "")] : [];
    }

    /// <summary>Notes beneath a result.</summary>
    public static string With(this string result, IEnumerable<string> notes) => string.Concat([result, .. notes.Select(n => "\nNote: " + Text.Shorten(Untrusted.Clean(n).Replace('\n', ' '), BuiltInTool.MaxError))]);
}
