namespace Skep.Testing;

/// <summary>How a model answers: an immutable description. <see cref="ScriptedModel"/> is the model that follows it.</summary>
public sealed record Script
{
    /// <summary>A name, for messages.</summary>
    public string Name { get; init; } = "script";

    /// <summary>Models that exist; a request for another one is answered 404. Empty: every name exists.</summary>
    public IReadOnlyList<string> Models { get; init; } = [];

    /// <summary>Keys that are let in; a request with another one, or none, is answered 401. Empty: no key is asked for.</summary>
    public IReadOnlyList<string> Keys { get; init; } = [];

    /// <summary>What the server lets through.</summary>
    public ScriptLimits Limits { get; init; } = ScriptLimits.None;

    /// <summary>The pace of rules that have none of their own.</summary>
    public Pace Pace { get; init; } = Pace.Default;

    /// <summary>Asked in this order; the first that matches and is not used up answers.</summary>
    public IReadOnlyList<ScriptRule> Rules { get; init; } = [];

    /// <summary>Reads a script from YAML.</summary>
    /// <exception cref="ScriptException">It is not a script; the message names every mistake with line and column.</exception>
    public static Script Parse(string yaml) => Yaml.ScriptReader.Read(yaml);
}

/// <summary>One rule of a script.</summary>
public sealed record ScriptRule
{
    /// <summary>A name, for messages and <see cref="Exchange.Rule"/>.</summary>
    public required string Name { get; init; }

    /// <summary>What requests it is for.</summary>
    public RequestMatch Match { get; init; } = RequestMatch.Any;

    /// <summary>How often it answers before the next rule is asked; null: always.</summary>
    public int? Times { get; init; }

    /// <summary>What <see cref="Times"/> counts over.</summary>
    public RuleScope Per { get; init; }

    /// <summary>What it answers.</summary>
    public ScriptedAnswer Answer { get; init; } = ScriptedAnswer.Empty;

    /// <summary>Makes the answer from the request, in place of <see cref="Answer"/>; for scripts in code. Must be deterministic and thread-safe.</summary>
    public Func<ModelRequest, ScriptedAnswer>? Compute { get; init; }

    /// <summary>What goes wrong; null: nothing.</summary>
    public ScriptedFault? Fault { get; init; }

    /// <summary>How fast it answers; null: as the script says.</summary>
    public Pace? Pace { get; init; }
}

/// <summary>What the uses of a rule are counted over.</summary>
public enum RuleScope
{
    /// <summary>All requests. With agents in parallel, who comes first decides.</summary>
    Script,

    /// <summary>The requests of one agent (<see cref="ModelRequest.Agent"/>).</summary>
    Agent,

    /// <summary>
    /// Requests for the same turn of the same agent: with <c>times: 1</c> the first try of every turn meets this rule, and the second try the next one, however many
    /// agents ask at once.
    /// </summary>
    Turn,
}
