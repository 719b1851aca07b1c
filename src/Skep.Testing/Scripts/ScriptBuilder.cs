using System.Text.Json;

namespace Skep.Testing;

/// <summary>Writes a script in code: <c>ScriptedModel.Build(s => s.When(m => m.User("hello")).Says("hi"))</c>. Not thread-safe; the script that it makes is.</summary>
public sealed class ScriptBuilder
{
    private readonly List<RuleBuilder> _rules = [];

    /// <summary>A name, for messages.</summary>
    public string Name { get; set; } = "script";

    /// <summary>Models that exist. Empty: every name exists.</summary>
    public IList<string> Models { get; } = [];

    /// <summary>Keys that are let in. Empty: none is asked for.</summary>
    public IList<string> Keys { get; } = [];

    /// <summary>What the server lets through.</summary>
    public ScriptLimits Limits { get; set; } = ScriptLimits.None;

    /// <summary>The pace of rules that have none of their own.</summary>
    public Pace Pace { get; set; } = Pace.Default;

    /// <summary>Adds a rule for requests that fit.</summary>
    public RuleBuilder When(Func<MatchBuilder, MatchBuilder> match)
    {
        ArgumentNullException.ThrowIfNull(match);
        var rule = new RuleBuilder(match(new MatchBuilder()).Match, _rules.Count + 1);
        _rules.Add(rule);
        return rule;
    }

    /// <summary>Adds a rule for all requests.</summary>
    public RuleBuilder Always() => When(m => m);

    /// <summary>The script.</summary>
    /// <exception cref="ScriptException">A rule refers to a group that it does not capture, or has arguments that are no JSON.</exception>
    public Script Build()
    {
        var rules = _rules.ConvertAll(r => r.Rule);
        var mistakes = rules.SelectMany(r => RuleCheck.Mistakes(r).Select(m => $"rule '{r.Name}': {m}")).ToList();
        if (mistakes.Count > 0) throw new ScriptException(mistakes);
        return new Script { Name = Name, Models = [.. Models], Keys = [.. Keys], Limits = Limits, Pace = Pace, Rules = rules };
    }
}

/// <summary>What can be wrong with a rule wherever it comes from.</summary>
internal static class RuleCheck
{
    /// <summary>The mistakes.</summary>
    public static IEnumerable<string> Mistakes(ScriptRule rule)
    {
        var groups = rule.Match.Groups.ToList();
        foreach (var text in Texts(rule.Answer))
            if (Template.FirstUnknown(text, groups) is { } name)
                yield return $"'${{{name}}}' is not known; use a group that the rule's regular expressions capture, or one of {string.Join(", ", Captures.Fixed)} ('$${{' is a plain '${{')";
        foreach (var call in rule.Answer.Calls)
            if (!IsJson(call.Arguments, JsonValueKind.Object)) yield return $"the arguments of the call of '{call.Tool}' are not a JSON object: {call.Arguments}";
        if (rule.Answer.Json is { } json && !IsJson(json, null)) yield return $"the answer is not JSON: {json}";
    }

    private static IEnumerable<string> Texts(ScriptedAnswer answer) =>
        new[] { answer.Text, answer.Json, answer.Reasoning }.Concat(answer.Calls.Select(c => c.Arguments)).OfType<string>();

    private static bool IsJson(string text, JsonValueKind? kind)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return kind is null || document.RootElement.ValueKind == kind;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
