namespace Skep.Testing.Yaml;

/// <summary>Reads <c>fault</c>.</summary>
internal static class FaultReader
{
    private static readonly (string Name, ScriptedFault Fault)[] Words =
    [
        ("rate_limited", ScriptedFault.RateLimited()), ("overloaded", ScriptedFault.Overloaded()), ("server_error", ScriptedFault.Status(500)),
        ("unauthorized", ScriptedFault.Status(401)), ("forbidden", ScriptedFault.Status(403)), ("not_found", ScriptedFault.Status(404)),
        ("context_too_long", ScriptedFault.ContextTooLong), ("drop", ScriptedFault.DropBeforeHeaders), ("never", ScriptedFault.NeverAnswers),
        ("endless", ScriptedFault.Endless()), ("malformed", ScriptedFault.Malformed()), ("wrong_json", ScriptedFault.WrongJson()),
        ("error", ScriptedFault.ErrorInStream()), ("no_usage", ScriptedFault.NoUsage), ("duplicate_ids", ScriptedFault.DuplicateCallIds),
        ("unknown_tool", ScriptedFault.UnknownTool),
    ];

    private static readonly (string Name, FaultKind Kind)[] AfterPieces =
    [
        ("drop", FaultKind.Drop), ("drop_in_frame", FaultKind.DropInFrame), ("end", FaultKind.EndEarly), ("stall", FaultKind.Stall), ("malformed", FaultKind.Malformed),
        ("wrong_json", FaultKind.WrongJson), ("error", FaultKind.ErrorInStream), ("endless", FaultKind.Endless),
    ];

    private static readonly string[] Known = ["status", "retry_after", "body", "headers", .. AfterPieces.Select(a => a.Name), "how"];

    /// <summary>Reads a word, or a mapping; null when it is neither.</summary>
    public static ScriptedFault? Read(YamlNode node, Mistakes mistakes)
    {
        if (node is YamlScalar word) return Word(word, mistakes);
        if (Fields.Of(node, "a fault", mistakes, Known) is not { } fields) return null;
        var kinds = fields.Map.Entries.Select(e => e.Key.Value).Where(k => k == "status" || Array.Exists(AfterPieces, a => a.Name == k)).ToList();
        if (kinds.Count != 1)
        {
            mistakes.Add(node, $"a fault is exactly one of status, {string.Join(", ", AfterPieces.Select(a => a.Name))}; here are {kinds.Count}");
            return null;
        }

        return kinds[0] == "status" ? Status(fields) : Piecewise(fields, kinds[0]);
    }

    private static ScriptedFault? Word(YamlScalar word, Mistakes mistakes)
    {
        foreach (var (name, fault) in Words)
            if (name == word.Value) return fault;
        mistakes.Add(word, $"there is no fault '{word.Value}'; there are {string.Join(", ", Words.Select(w => w.Name))}, and mappings such as {{status: 429, retry_after: 2s}} or {{drop: 3}} (after so many pieces)");
        return null;
    }

    private static ScriptedFault? Status(Fields fields) => fields.Whole("status", 300, 599) is { } status
        ? ScriptedFault.Status((int)status, fields.Time("retry_after"), fields.Text("body")) with { Headers = fields.Named("headers") }
        : null;

    private static ScriptedFault? Piecewise(Fields fields, string name)
    {
        var kind = AfterPieces.First(a => a.Name == name).Kind;
        if (kind == FaultKind.Drop && fields.Node(name) is YamlScalar { Value: "before_headers" }) return ScriptedFault.DropBeforeHeaders with { Style = Style(fields) };
        return fields.Int(name, 0) is { } after ? ScriptedFault.Of(kind) with { After = after, Style = Style(fields) } : null;
    }

    private static DropStyle Style(Fields fields) => fields.Word("how", ("reset", DropStyle.Reset), ("close", DropStyle.Close)) ?? DropStyle.Reset;
}
