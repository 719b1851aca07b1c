using System.Text.Json;
using System.Text.RegularExpressions;

namespace Skep.Testing;

/// <content>What can be asserted.</content>
public sealed partial class Trajectory
{
    /// <summary>These tools are called in this order; other calls may stand between.</summary>
    public Trajectory CallsInOrder(params string[] tools)
    {
        var next = 0;
        foreach (var call in Calls)
            if (next < tools.Length && call.Tool == tools[next]) next++;
        return Require(next == tools.Length, $"calls in the order {List(tools)}, but {(next < tools.Length ? $"'{tools[next]}' (number {next + 1})" : "")} does not follow");
    }

    /// <summary>Exactly these tools are called, in this order.</summary>
    public Trajectory CallsExactly(params string[] tools) => Require(Calls.Select(c => c.Tool).SequenceEqual(tools), $"exactly the calls {List(tools)}");

    /// <summary>These tools are called, each at least as often as it stands here, in any order.</summary>
    public Trajectory CallsAll(params string[] tools)
    {
        var missing = tools.GroupBy(t => t, StringComparer.Ordinal).Where(g => Count(g.Key) < g.Count()).Select(g => g.Key).ToArray();
        return Require(missing.Length == 0, $"calls of {List(tools)} in any order, but of {List(missing)} there are too few");
    }

    /// <summary>None of these tools is called.</summary>
    public Trajectory NeverCalls(params string[] tools) => Require(Calls.All(c => !tools.Contains(c.Tool)), $"no call of {List(tools)}");

    /// <summary>A tool is called at most so often.</summary>
    public Trajectory CallsAtMost(string tool, int times) => Require(Count(tool) <= times, $"at most {times} calls of '{tool}', but there are {Count(tool)}");

    /// <summary>A call of a tool has an argument whose text (or JSON, if it is no text) contains this.</summary>
    /// <param name="tool">The tool.</param>
    /// <param name="argument">The argument; dots lead into objects.</param>
    /// <param name="part">What it contains.</param>
    public Trajectory CallsWith(string tool, string argument, string part) => Require(
        Calls.Any(c => c.Tool == tool && Argument(c.Text, argument)?.Contains(part, StringComparison.Ordinal) == true),
        $"a call of '{tool}' whose '{argument}' contains '{part}'");

    /// <summary>All calls of a tool fulfil a condition on their arguments.</summary>
    /// <param name="tool">The tool.</param>
    /// <param name="condition">The condition; it is given a JSON object.</param>
    /// <param name="because">What it says, for messages.</param>
    public Trajectory EveryCall(string tool, Func<JsonElement, bool> condition, string because)
    {
        ArgumentNullException.ThrowIfNull(condition);
        return Require(Calls.Where(c => c.Tool == tool).All(c => Holds(c.Text, condition)), $"every call of '{tool}' to fulfil: {because}");
    }

    /// <summary>No two calls of a tool in a row have the same arguments, however JSON spells them: no endless loop.</summary>
    public Trajectory NeverRepeatsItself() => Require(
        Calls.Zip(Calls.Skip(1)).All(p => p.First.Tool != p.Second.Tool || CanonicalJson.Of(p.First.Text) != CanonicalJson.Of(p.Second.Text)),
        "no call to follow an identical one");

    /// <summary>The final answer contains this.</summary>
    public Trajectory Answers(string part) => Require(FinalAnswer?.Contains(part, StringComparison.Ordinal) == true, $"a final answer that contains '{part}'");

    /// <summary>The final answer matches this regular expression.</summary>
    public Trajectory AnswersMatching(string regex) => Require(
        FinalAnswer is { } answer && Regex.IsMatch(answer, regex, RegexOptions.CultureInvariant, RequestMatch.RegexTimeout), $"a final answer that matches /{regex}/");

    /// <summary>There are at most so many turns of the model.</summary>
    public Trajectory TakesAtMostTurns(int turns) => Require(Turns <= turns, $"at most {turns} turns, but there are {Turns}");

    /// <summary>All turns used at most so many tokens.</summary>
    public Trajectory UsesAtMostTokens(long tokens) => Require(Tokens <= tokens, $"at most {tokens} tokens, but {Tokens} were used");

    private int Count(string tool) => Calls.Count(c => c.Tool == tool);

    private static string List(string[] tools) => string.Join(", ", tools.Select(t => $"'{t}'"));

    private static string? Argument(string arguments, string path)
    {
        string? found = null;
        Holds(arguments, json =>
        {
            foreach (var name in path.Split('.'))
            {
                if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty(name, out json)) return false;
            }

            found = json.ToString();
            return true;
        });
        return found;
    }

    private static bool Holds(string arguments, Func<JsonElement, bool> condition)
    {
        try
        {
            using var document = JsonDocument.Parse(arguments);
            return condition(document.RootElement);
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
