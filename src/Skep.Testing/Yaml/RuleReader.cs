using System.Globalization;

namespace Skep.Testing.Yaml;

/// <summary>Reads a rule and what it matches.</summary>
internal static class RuleReader
{
    /// <summary>Reads a rule; null when it is none.</summary>
    public static ScriptRule? Read(YamlNode node, int number, Mistakes mistakes)
    {
        if (Fields.Of(node, "a rule", mistakes, "name", "when", "times", "per", "answer", "fault", "pace") is not { } fields) return null;
        if (fields.Node("answer") is null && fields.Node("fault") is null && fields.Map.Find("answer") is null)
            mistakes.Add(node, "a rule needs 'answer', or 'fault', or both");
        if (fields.Node("per") is { } per && fields.Node("times") is null) mistakes.Add(per, "'per' says what 'times' counts over; add 'times', or remove it");
        var rule = new ScriptRule
        {
            Name = fields.Text("name") ?? $"rule {number} (line {node.Line})",
            Match = fields.Node("when") is { } when ? Match(when, mistakes) : RequestMatch.Any,
            Times = fields.Int("times", 1),
            Per = fields.Word("per", ("script", RuleScope.Script), ("agent", RuleScope.Agent), ("turn", RuleScope.Turn)) ?? RuleScope.Script,
            Answer = fields.Node("answer") is { } answer ? AnswerReader.Read(answer, mistakes) : ScriptedAnswer.Empty,
            Fault = fields.Node("fault") is { } fault ? FaultReader.Read(fault, mistakes) : null,
            Pace = fields.Node("pace") is { } pace ? PaceReader.Read(pace, mistakes) : null,
        };
        if (mistakes.IsEmpty)
            foreach (var mistake in RuleCheck.Mistakes(rule)) mistakes.Add(fields.Node("answer") ?? node, mistake);
        return rule;
    }

    private static RequestMatch Match(YamlNode node, Mistakes mistakes)
    {
        var fields = Fields.Of(
            node, "when", mistakes, "user", "user_matches", "system", "system_matches", "tool", "tool_result", "tool_result_matches", "turns", "model", "agent", "wire", "stream", "offers", "headers");
        if (fields is null) return RequestMatch.Any;
        var (least, most) = Turns(fields, mistakes);
        return new RequestMatch
        {
            User = fields.Text("user"),
            UserRegex = fields.Regex("user_matches"),
            System = fields.Text("system"),
            SystemRegex = fields.Regex("system_matches"),
            Tool = fields.Text("tool"),
            ToolResult = fields.Text("tool_result"),
            ToolResultRegex = fields.Regex("tool_result_matches"),
            MinTurns = least,
            MaxTurns = most,
            Model = fields.Text("model"),
            Agent = fields.Text("agent"),
            Wire = fields.Word("wire", ("openai", ModelWire.OpenAi), ("anthropic", ModelWire.Anthropic)),
            Stream = fields.Bool("stream"),
            Offers = fields.Text("offers"),
            Headers = fields.Named("headers"),
        };
    }

    /// <summary><c>2</c>, <c>1..3</c>, <c>2..</c>, <c>..3</c>.</summary>
    private static (int? Least, int? Most) Turns(Fields fields, Mistakes mistakes)
    {
        if (fields.Text("turns") is not { } text) return default;
        var parts = text.Split("..");
        var (least, most) = (Number(parts[0]), Number(parts[^1]));
        var isRange = parts.Length == 2 && (least ?? most) is not null && (least is not null || parts[0].Length == 0) && (most is not null || parts[1].Length == 0) && !(least > most);
        if (!isRange && !(parts.Length == 1 && least is not null)) mistakes.Add(fields.Node("turns")!, $"'turns' is a number (0 is the first turn) or a range such as 1..3, 2.. or ..3, not '{text}'");
        return (least, most);
    }

    private static int? Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
