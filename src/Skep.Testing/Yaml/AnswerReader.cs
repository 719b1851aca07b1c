namespace Skep.Testing.Yaml;

/// <summary>Reads <c>answer</c>.</summary>
internal static class AnswerReader
{
    /// <summary>Reads a text, or a mapping.</summary>
    public static ScriptedAnswer Read(YamlNode node, Mistakes mistakes)
    {
        if (node is YamlScalar text) return ScriptedAnswer.Say(text.Value);
        if (Fields.Of(node, "an answer", mistakes, "text", "json", "reasoning", "calls", "usage", "finish") is not { } fields) return ScriptedAnswer.Empty;
        if (fields.Node("text") is not null && fields.Node("json") is { } both) mistakes.Add(both, "an answer is 'text' or 'json', not both; remove one");
        return new ScriptedAnswer
        {
            Text = fields.Text("text"),
            Json = fields.Node("json") is { } json ? YamlJson.Of(json) : null,
            Reasoning = fields.Text("reasoning"),
            Calls = fields.Node("calls") is { } calls ? Calls(calls, mistakes) : [],
            Usage = fields.Node("usage") is { } usage ? Usage(usage, mistakes) : null,
            Finish = fields.Word("finish", ("stop", ModelFinish.Stop), ("tool_calls", ModelFinish.ToolCalls), ("length", ModelFinish.Length), ("filtered", ModelFinish.Filtered)),
        };
    }

    private static List<ScriptedCall> Calls(YamlNode node, Mistakes mistakes)
    {
        List<ScriptedCall> calls = [];
        if (node is not YamlList list)
        {
            mistakes.Add(node, $"'calls' is a list of calls such as '- {{tool: search, args: {{q: bees}}}}', not {node.Describe()}");
            return calls;
        }

        foreach (var item in list.Items)
        {
            if (Fields.Of(item, "a call", mistakes, "tool", "args") is not { } fields) continue;
            if (fields.Text("tool") is not { } tool) mistakes.Add(item, "a call needs 'tool'");
            else calls.Add(new ScriptedCall(tool, Arguments(fields, mistakes)));
        }

        return calls;
    }

    private static string Arguments(Fields fields, Mistakes mistakes)
    {
        if (fields.Node("args") is not { } args) return "{}";
        if (args is not YamlMap) mistakes.Add(args, $"'args' is a mapping, not {args.Describe()}");
        return YamlJson.Of(args);
    }

    private static ModelUsage? Usage(YamlNode node, Mistakes mistakes)
    {
        if (Fields.Of(node, "usage", mistakes, "input", "output", "cache_read", "cache_write", "reasoning") is not { } fields) return null;
        return new ModelUsage(
            fields.Whole("input", 0) ?? 0, fields.Whole("output", 0) ?? 0, fields.Whole("cache_read", 0) ?? 0, fields.Whole("cache_write", 0) ?? 0, fields.Whole("reasoning", 0) ?? 0);
    }
}
