namespace Skep.Testing.Yaml;

/// <summary>Reads a script from YAML.</summary>
internal static class ScriptReader
{
    /// <summary>Rules that a script may have.</summary>
    public const int MaxRules = 10_000;

    /// <summary>Reads it.</summary>
    /// <exception cref="ScriptException">It is not a script.</exception>
    public static Script Read(string yaml)
    {
        ArgumentNullException.ThrowIfNull(yaml);
        var mistakes = new Mistakes();
        var root = YamlTree.Read(yaml, mistakes) ?? throw new ScriptException(["1:1: the script is empty; it needs 'rules:' with at least one rule, such as '- answer: hello'"]);
        var fields = Fields.Of(root, "a script", mistakes, "script", "models", "keys", "limits", "pace", "rules");
        var script = fields is null ? new Script() : Script(fields, mistakes);
        mistakes.ThrowIfAny();
        return script;
    }

    private static Script Script(Fields fields, Mistakes mistakes) => new()
    {
        Name = fields.Text("script") ?? "script",
        Models = fields.Texts("models"),
        Keys = fields.Texts("keys"),
        Limits = fields.Node("limits") is { } limits ? Limits(limits, mistakes) : ScriptLimits.None,
        Pace = fields.Node("pace") is { } pace ? PaceReader.Read(pace, mistakes) : Pace.Default,
        Rules = Rules(fields, mistakes),
    };

    private static List<ScriptRule> Rules(Fields fields, Mistakes mistakes)
    {
        List<ScriptRule> rules = [];
        if (fields.Node("rules") is not YamlList { Items.Count: > 0 } list)
        {
            mistakes.Add(fields.Node("rules") ?? fields.Map, "a script needs 'rules:', a list with at least one rule, such as '- answer: hello'");
            return rules;
        }

        if (list.Items.Count > MaxRules) mistakes.Add(list, $"{list.Items.Count} rules; at most {MaxRules} are allowed");
        foreach (var item in list.Items.Take(MaxRules))
            if (RuleReader.Read(item, rules.Count + 1, mistakes) is { } rule) rules.Add(rule);
        return rules;
    }

    private static ScriptLimits Limits(YamlNode node, Mistakes mistakes)
    {
        if (Fields.Of(node, "limits", mistakes, "requests", "tokens", "window", "per", "context_tokens") is not { } fields) return ScriptLimits.None;
        return new ScriptLimits
        {
            Requests = fields.Int("requests", 0),
            Tokens = fields.Whole("tokens", 0),
            Window = fields.Time("window") is { } window && window > TimeSpan.Zero ? window : ScriptLimits.None.Window,
            Per = fields.Word("per", ("server", RateScope.Server), ("key", RateScope.Key), ("agent", RateScope.Agent)) ?? RateScope.Server,
            ContextTokens = fields.Whole("context_tokens", 1),
        };
    }
}
