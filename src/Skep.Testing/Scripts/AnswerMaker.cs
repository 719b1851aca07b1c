using Skep.Testing.Wire;
using Skep.Testing.Wire.Anthropic;

namespace Skep.Testing;

/// <summary>Makes what is answered from what a rule says.</summary>
internal static class AnswerMaker
{
    /// <summary>The answer, with ids, usage and finish.</summary>
    /// <exception cref="WireRefusal">The script cannot answer this request.</exception>
    public static ModelAnswer Make(ModelRequest request, Ruling ruling)
    {
        var scripted = ruling.Rule.Compute?.Invoke(request) ?? ruling.Rule.Answer;
        var fault = ruling.Rule.Fault?.Kind;
        if (fault == FaultKind.UnknownTool && scripted.Calls.Count == 0) scripted = scripted with { Calls = [new ScriptedCall(ScriptedFault.MissingTool)] };
        if (fault != FaultKind.UnknownTool) CheckOffered(scripted, request, ruling.Rule.Name);
        var answer = new ModelAnswer
        {
            Text = scripted.Json is { } json ? Template.FillJson(json, ruling.Captures) : Template.Fill(scripted.Text ?? "", ruling.Captures),
            Reasoning = Template.Fill(scripted.Reasoning ?? "", ruling.Captures),
            Calls = Calls(scripted, request, ruling.Captures, fault == FaultKind.DuplicateCallIds),
        };
        answer = Shorten(answer, request.MaxTokens ?? long.MaxValue, out var isShort);
        return answer with
        {
            Finish = isShort ? ModelFinish.Length : scripted.Finish ?? (answer.Calls.Count > 0 ? ModelFinish.ToolCalls : ModelFinish.Stop),
            Usage = scripted.Usage ?? new ModelUsage(request.InputTokens, TokenRule.Output(answer), Reasoning: TokenRule.Text(answer.Reasoning)),
        };
    }

    private static void CheckOffered(ScriptedAnswer answer, ModelRequest request, string rule)
    {
        foreach (var call in answer.Calls)
            if (!request.Tools.Contains(call.Tool))
                throw WireRefusal.Invalid($"script: {rule} calls the tool '{call.Tool}', which the request does not offer (it offers: {string.Join(", ", request.Tools)}); the fault 'unknown_tool' allows that", code: "script_error");
    }

    private static List<ModelToolCall> Calls(ScriptedAnswer answer, ModelRequest request, Captures captures, bool sameIds)
    {
        List<ModelToolCall> calls = [];
        foreach (var call in answer.Calls)
        {
            var hash = ConversationHash.Id(request.Prefix, "call", sameIds ? 0 : calls.Count);
            var id = request.Wire == ModelWire.Anthropic ? ThinkingMarks.CallId(hash, !string.IsNullOrEmpty(answer.Reasoning)) : $"call_{hash}";
            calls.Add(new ModelToolCall(id, call.Tool, Template.FillJson(call.Arguments, captures)));
        }

        return calls;
    }

    /// <summary>Cuts an answer at the longest that the request allows, as models do. A call that does not fit is left out with all behind it.</summary>
    private static ModelAnswer Shorten(ModelAnswer answer, long tokens, out bool isShort)
    {
        isShort = TokenRule.Output(answer) > tokens;
        if (!isShort) return answer;
        var reasoning = TextPieces.Head(answer.Reasoning, tokens * TokenRule.CharsPerToken);
        var left = tokens - TokenRule.Text(reasoning);
        var text = TextPieces.Head(answer.Text, left * TokenRule.CharsPerToken);
        left -= TokenRule.Text(text);
        var calls = answer.Calls.TakeWhile(call => (left -= TokenRule.Call(call)) >= 0).ToList();
        return answer with { Reasoning = reasoning, Text = text, Calls = calls };
    }
}
