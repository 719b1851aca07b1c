using Microsoft.Extensions.AI;
using Skep.Agents.Queries;
using Skep.Models;

namespace Skep.Agents.Tests.Queries;

/// <summary>What is kept of a conversation between calls.</summary>
public sealed class CallInputTests
{
    private static readonly CallOptions Options = new([], null, null, null, static t => t, static _ => { });

    [Fact]
    public void A_conversation_that_grows_is_the_same_as_one_that_is_made_anew()
    {
        var (state, kept) = (Begun(), new Conversation(Options));
        for (var call = 1; call <= 6; call++)
        {
            QueryCore.Apply(state, new NoteAdded($"note {call}", "ann", false), default);
            Same(kept, state);
            QueryCore.Apply(state, new CallBegun(call, 1, "m", CallPurpose.Turn, 1, null), default);
            QueryCore.Apply(state, new CallAnswered(call, "m", new AssistantTurn($"turn {call}", [new RequestedCall($"c{call}", "look", """{"a":1}""")], "tool_calls"), default, null, null, 1, 1, null), default);
            Same(kept, state);
            QueryCore.Apply(state, new ToolEnded(call, 0, $"result {call}", call == 2, 1), default);
            Same(kept, state);
        }

        QueryCore.Apply(state, Compaction.Replace(state, 5, "in short"), default);
        Same(kept, state);
    }

    [Fact]
    public void An_answer_with_too_many_tool_calls_is_not_taken()
    {
        var builder = new TurnBuilder(static t => t);
        void Call(int i) => builder.Add(new ChatResponseUpdate(ChatRole.Assistant, [new FunctionCallContent($"c{i}", "look", new Dictionary<string, object?>())]));
        for (var i = 0; i < TurnBuilder.MaxCalls; i++) Call(i);
        Assert.Contains("more than 128 tools in one answer", Assert.Throws<ModelException>(() => Call(TurnBuilder.MaxCalls)).Message, StringComparison.Ordinal);
        Assert.Equal(TurnBuilder.MaxCalls, builder.Build().Calls.Count);
    }

    private static QueryState Begun()
    {
        var state = new QueryState();
        QueryCore.Apply(state, new QueryStarted("a", "m", [], PermissionModes.Default, "system", "prompt", [], 100, null), default);
        return state;
    }

    private static void Same(Conversation kept, QueryState state)
    {
        var (grown, anew) = (kept.Of(state), new Conversation(Options).Of(state));
        Assert.Equal(anew.Messages.Select(Show), grown.Messages.Select(Show));
        Assert.Equal(TokenEstimate.Of(anew.Messages), grown.Tokens);
        Assert.Equal(state.Notes.Count, grown.Notes);
    }

    private static string Show(ChatMessage message) => $"{message.Role}: " + string.Join(" | ", message.Contents.Select(c => c switch
    {
        FunctionResultContent r => $"{r.CallId} {r.Result} {r.AdditionalProperties?.Count}",
        FunctionCallContent f => $"{f.CallId} {f.Name} {string.Join(',', f.Arguments!.Select(a => $"{a.Key}={a.Value}"))}",
        _ => c.ToString(),
    }));
}
