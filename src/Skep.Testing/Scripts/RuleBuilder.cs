namespace Skep.Testing;

/// <summary>Says how a rule answers.</summary>
public sealed class RuleBuilder
{
    internal RuleBuilder(RequestMatch match, int number) => Rule = new ScriptRule { Name = $"rule {number}", Match = match };

    internal ScriptRule Rule { get; private set; }

    /// <summary>Gives it a name.</summary>
    public RuleBuilder Named(string name) => With(Rule with { Name = name });

    /// <summary>It answers so often; then the next rule is asked.</summary>
    public RuleBuilder Times(int times, RuleScope per = RuleScope.Script)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(times);
        return With(Rule with { Times = times, Per = per });
    }

    /// <summary>It answers with a text.</summary>
    public RuleBuilder Says(string text) => With(Rule.Answer with { Text = text });

    /// <summary>It answers with JSON.</summary>
    public RuleBuilder SaysJson(string json) => With(Rule.Answer with { Json = json });

    /// <summary>It reasons before it answers.</summary>
    public RuleBuilder Thinks(string reasoning) => With(Rule.Answer with { Reasoning = reasoning });

    /// <summary>It calls a tool; said again, several in parallel.</summary>
    /// <param name="tool">The tool.</param>
    /// <param name="arguments">Its arguments, a JSON object.</param>
    public RuleBuilder Calls(string tool, string arguments = "{}") => With(Rule.Answer with { Calls = [.. Rule.Answer.Calls, new ScriptedCall(tool, arguments)] });

    /// <summary>The answer is made from the request. Must be deterministic and thread-safe.</summary>
    public RuleBuilder Computes(Func<ModelRequest, ScriptedAnswer> answer) => With(Rule with { Compute = answer });

    /// <summary>What the answer is said to use.</summary>
    public RuleBuilder Uses(ModelUsage usage) => With(Rule.Answer with { Usage = usage });

    /// <summary>Why the answer ends.</summary>
    public RuleBuilder Finishes(ModelFinish finish) => With(Rule.Answer with { Finish = finish });

    /// <summary>How fast it answers.</summary>
    public RuleBuilder Paced(Pace pace) => With(Rule with { Pace = pace });

    /// <summary>What goes wrong.</summary>
    public RuleBuilder Fails(ScriptedFault fault) => With(Rule with { Fault = fault });

    private RuleBuilder With(ScriptedAnswer answer) => With(Rule with { Answer = answer });

    private RuleBuilder With(ScriptRule rule)
    {
        Rule = rule;
        return this;
    }
}
