namespace Skep.Testing;

/// <summary>Says what requests a rule is for. Everything that is said must fit.</summary>
public sealed class MatchBuilder
{
    internal RequestMatch Match { get; private set; } = RequestMatch.Any;

    /// <summary>The last text of the user contains this, without regard to case.</summary>
    public MatchBuilder User(string part) => With(Match with { User = part });

    /// <summary>The last text of the user matches this regular expression; its groups can be used in the answer.</summary>
    public MatchBuilder UserMatches(string regex) => With(Match with { UserRegex = RequestMatch.Pattern(regex) });

    /// <summary>The system text contains this, without regard to case.</summary>
    public MatchBuilder System(string part) => With(Match with { System = part });

    /// <summary>The system text matches this regular expression.</summary>
    public MatchBuilder SystemMatches(string regex) => With(Match with { SystemRegex = RequestMatch.Pattern(regex) });

    /// <summary>The request brings a result of this tool, which contains this.</summary>
    public MatchBuilder ToolResult(string? tool, string? part = null) => With(Match with { Tool = tool, ToolResult = part });

    /// <summary>The request brings a result of this tool (null: of any) that matches this regular expression.</summary>
    public MatchBuilder ToolResultMatches(string? tool, string regex) => With(Match with { Tool = tool, ToolResultRegex = RequestMatch.Pattern(regex) });

    /// <summary>The conversation has exactly so many turns of the model behind it.</summary>
    public MatchBuilder Turns(int turns) => Turns(turns, turns);

    /// <summary>The conversation has so many turns of the model behind it.</summary>
    public MatchBuilder Turns(int atLeast, int atMost) => With(Match with { MinTurns = atLeast, MaxTurns = atMost });

    /// <summary>The model; <c>*</c> stands for any text.</summary>
    public MatchBuilder Model(string model) => With(Match with { Model = model });

    /// <summary>Who asks; <c>*</c> stands for any text.</summary>
    public MatchBuilder Agent(string agent) => With(Match with { Agent = agent });

    /// <summary>The wire format.</summary>
    public MatchBuilder Over(ModelWire wire) => With(Match with { Wire = wire });

    /// <summary>Whether the answer is to be streamed.</summary>
    public MatchBuilder Streamed(bool stream = true) => With(Match with { Stream = stream });

    /// <summary>The request offers this tool.</summary>
    public MatchBuilder Offers(string tool) => With(Match with { Offers = tool });

    /// <summary>A header has this value; <c>*</c> stands for any text.</summary>
    public MatchBuilder Header(string name, string value) =>
        With(Match with { Headers = new Dictionary<string, string>(Match.Headers, StringComparer.OrdinalIgnoreCase) { [name] = value } });

    /// <summary>Anything else. Must be deterministic and thread-safe.</summary>
    public MatchBuilder Where(Func<ModelRequest, bool> condition) => With(Match with { Where = condition });

    private MatchBuilder With(RequestMatch match)
    {
        Match = match;
        return this;
    }
}
