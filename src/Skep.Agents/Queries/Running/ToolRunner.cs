using System.Text.Json;

namespace Skep.Agents.Queries;

/// <summary>Runs the tool calls of a turn: beside each other, each recorded when it begins and when it ends.</summary>
internal sealed class ToolRunner(QuerySession session, IReadOnlyDictionary<string, IAgentTool> tools, ToolAgent agent, Action<string> log)
{
    /// <summary>Most tools that run at once.</summary>
    public const int MaxAtOnce = 8;

    /// <summary>Whether a call of a tool may be made twice.</summary>
    public bool IsRepeatable(string tool) => !tools.TryGetValue(tool, out var found) || found.Repeat != ToolRepeat.Unsafe;

    /// <summary>Runs tool calls, or says why they do not run. Those that a person must allow are asked about.</summary>
    public async Task RunAsync(TurnItem turn, IReadOnlyList<ToolSlot> slots, CancellationToken cancel)
    {
        var (begin, said) = Sort(turn, slots);
        await session.AppendAsync([.. said, .. begin.Count > 0 ? [new ToolsBegun(turn.Call, [.. begin.Select(b => b.Slot.Index)])] : (QueryEvent[])[]]);
        using var places = new SemaphoreSlim(MaxAtOnce);
        await Task.WhenAll(begin.Select(b => RunAsync(turn.Call, b.Slot, b.Tool, b.Arguments, places, cancel)));
    }

    private (List<(ToolSlot Slot, IAgentTool Tool, JsonElement Arguments)> Begin, List<QueryEvent> Said) Sort(TurnItem turn, IReadOnlyList<ToolSlot> slots)
    {
        var begin = new List<(ToolSlot, IAgentTool, JsonElement)>();
        var said = new List<QueryEvent>();
        foreach (var slot in slots)
        {
            QueryEvent Error(string text) => new ToolEnded(turn.Call, slot.Index, text, true, 0);
            if (!tools.TryGetValue(slot.Request.Tool, out var tool)) said.Add(Error(Unknown(slot.Request.Tool)));
            else if (!ToolArguments.TryParse(slot.Request.Arguments, out var arguments)) said.Add(Error("the arguments are not one JSON object without members that occur twice; nothing was done"));
            // What has begun, or was allowed by a person, was asked about before.
            else if (slot.Stage != ToolStage.Requested) begin.Add((slot, tool, arguments));
            else switch (PermissionModes.Of(session.State.Permission, tool.Kind))
            {
                case Permission.Allowed: begin.Add((slot, tool, arguments)); break;
                case Permission.Ask: said.Add(new ToolAsked(turn.Call, slot.Index, $"{session.Identity.Agent} wants to call {tool.Name} {Short(slot.Request.Arguments)}", InDoubt: false)); break;
                default: said.Add(Error($"'{tool.Name}' is not allowed in permission mode '{session.State.Permission}', in which you may only look")); break;
            }
        }

        return (begin, said);
    }

    private async Task RunAsync(int call, ToolSlot slot, IAgentTool tool, JsonElement arguments, SemaphoreSlim places, CancellationToken cancel)
    {
        await places.WaitAsync(cancel);
        try
        {
            // It may have waited for its place, and the query may be held by now.
            await session.WaitOpenAsync(cancel);
            var since = agent.Time.GetTimestamp();
            log($"→ {tool.Name} {Short(slot.Request.Arguments)}");
            var result = Bounded(await ResultAsync(tool, new ToolCall(arguments, Key(call, slot.Index), agent), cancel));
            await session.AppendAsync(new ToolEnded(call, slot.Index, result.Text, result.IsError, (long)agent.Time.GetElapsedTime(since).TotalMilliseconds));
            log($"← {tool.Name}{(result.IsError ? " failed" : "")}: {Short(result.Text)}");
        }
        finally
        {
            places.Release();
        }
    }

    private async Task<ToolResult> ResultAsync(IAgentTool tool, ToolCall call, CancellationToken cancel)
    {
        try
        {
            return await tool.InvokeAsync(call, cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            throw;
        }
#pragma warning disable CA1031 // a tool's fault is a result that the model reads, whoever wrote the tool
        catch (Exception e)
#pragma warning restore CA1031
        {
            return ToolResult.Error($"the tool failed: {agent.Mask(e.Message)}");
        }
    }

    private string Key(int call, int index) => $"{session.Identity.Id}/{call}.{index}";

    private ToolResult Bounded(ToolResult result)
    {
        var text = agent.Mask(result.Text);
        return text.Length <= ToolResult.MaxText ? result with { Text = text }
            : result with { Text = $"{text.AsSpan(0, ToolResult.MaxText - 100)}\n[cut here: the result has {text.Length} characters, of which {ToolResult.MaxText - 100} are shown]" };
    }

    private string Unknown(string name) => $"there is no tool '{Short(name)}'. You have: {(tools.Count == 0 ? "none" : string.Join(", ", tools.Keys.Order(StringComparer.Ordinal)))}";

    private static string Short(string text) => text.Length <= 200 ? text : $"{text.AsSpan(0, 200)}…";
}
