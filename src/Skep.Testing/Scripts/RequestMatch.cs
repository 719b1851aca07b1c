using System.Text.RegularExpressions;

namespace Skep.Testing;

/// <summary>What requests a rule is for. Every part that is given must fit.</summary>
public sealed record RequestMatch
{
    /// <summary>Longest time that a regular expression may take.</summary>
    public static readonly TimeSpan RegexTimeout = TimeSpan.FromSeconds(1);

    /// <summary>All requests.</summary>
    public static RequestMatch Any { get; } = new();

    /// <summary>The wire format.</summary>
    public ModelWire? Wire { get; init; }

    /// <summary>The model; <c>*</c> stands for any text.</summary>
    public string? Model { get; init; }

    /// <summary>What the last text of the user contains, without regard to case.</summary>
    public string? User { get; init; }

    /// <summary>What the last text of the user matches.</summary>
    public Regex? UserRegex { get; init; }

    /// <summary>What the system text contains, without regard to case.</summary>
    public string? System { get; init; }

    /// <summary>What the system text matches.</summary>
    public Regex? SystemRegex { get; init; }

    /// <summary>The request brings a result of this tool.</summary>
    public string? Tool { get; init; }

    /// <summary>The request brings a result that contains this, without regard to case.</summary>
    public string? ToolResult { get; init; }

    /// <summary>The request brings a result that matches this.</summary>
    public Regex? ToolResultRegex { get; init; }

    /// <summary>Fewest turns that the conversation has behind it.</summary>
    public int? MinTurns { get; init; }

    /// <summary>Most turns that the conversation has behind it.</summary>
    public int? MaxTurns { get; init; }

    /// <summary>Who asks; <c>*</c> stands for any text.</summary>
    public string? Agent { get; init; }

    /// <summary>A tool that the request offers.</summary>
    public string? Offers { get; init; }

    /// <summary>Whether the answer is to be streamed.</summary>
    public bool? Stream { get; init; }

    /// <summary>Headers with their values; <c>*</c> stands for any text.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Anything else; for scripts in code.</summary>
    public Func<ModelRequest, bool>? Where { get; init; }

    /// <summary>A regular expression as scripts use it.</summary>
    /// <exception cref="ArgumentException">It is none.</exception>
    public static Regex Pattern(string pattern) => new(pattern, RegexOptions.CultureInvariant, RegexTimeout);

    /// <summary>The groups that the regular expressions can capture, by name or number.</summary>
    internal IEnumerable<string> Groups =>
        new[] { SystemRegex, UserRegex, ToolResultRegex }.SelectMany(r => r?.GetGroupNames() ?? []);

    /// <summary>Whether a request fits; what was captured if so, and what does not fit if not.</summary>
    internal Captures? Fits(ModelRequest request, out string? misfit)
    {
        misfit = Simple(request);
        var captures = new Captures(request);
        if (misfit is null && !captures.Add(SystemRegex, request.System)) misfit = "its system text does not match";
        if (misfit is null && !captures.Add(UserRegex, request.LastUserText)) misfit = "the last user text does not match";
        if (misfit is null && !FitsResult(request, captures)) misfit = "it brings no such tool result";
        if (misfit is null && Where?.Invoke(request) == false) misfit = "its condition is false";
        return misfit is null ? captures : null;
    }

    private string? Simple(ModelRequest request)
    {
        if (Wire is { } wire && wire != request.Wire) return $"it came over {request.Wire}";
        if (!Like(Model, request.Model)) return $"its model is '{request.Model}'";
        if (!Like(Agent, request.Agent ?? "")) return $"its agent is '{request.Agent}'";
        if (Stream is { } stream && stream != request.Stream) return request.Stream ? "it is streamed" : "it is not streamed";
        if (request.Turns < (MinTurns ?? 0) || request.Turns > (MaxTurns ?? int.MaxValue)) return $"it has {request.Turns} turns";
        if (Offers is not null && !request.Tools.Contains(Offers)) return $"it does not offer '{Offers}'";
        if (!Holds(request.System, System)) return "its system text does not contain it";
        if (!Holds(request.LastUserText, User)) return "the last user text does not contain it";
        foreach (var (name, value) in Headers)
            if (!Like(value, request.Headers.GetValueOrDefault(name) ?? "")) return $"its header '{name}' differs";
        return null;
    }

    private bool FitsResult(ModelRequest request, Captures captures)
    {
        if (Tool is null && ToolResult is null && ToolResultRegex is null) return true;
        foreach (var result in request.LastToolResults.Reverse())
        {
            if (Tool is not null && result.Name != Tool || !Holds(result.Text, ToolResult) || !captures.Add(ToolResultRegex, result.Text)) continue;
            captures.Result = result.Text;
            return true;
        }

        return false;
    }

    private static bool Holds(string text, string? part) => part is null || text.Contains(part, StringComparison.OrdinalIgnoreCase);

    private static bool Like(string? pattern, string text)
    {
        if (pattern is null) return true;
        if (!pattern.Contains('*', StringComparison.Ordinal)) return pattern == text;
        return Regex.IsMatch(text, $"^{Regex.Escape(pattern).Replace("\\*", ".*", StringComparison.Ordinal)}$", RegexOptions.CultureInvariant | RegexOptions.Singleline, RegexTimeout);
    }
}
