using Skep.Plans;

namespace Skep.Agents.Specs;

/// <summary>How well an agent fits a text.</summary>
/// <param name="Spec">The agent.</param>
/// <param name="Score">0 (nothing fits) to 1 (a capability fits every word).</param>
/// <param name="Why">What fits, the best first: <c>capability 'rust'</c>.</param>
/// <param name="Missing">Words of the text that nothing of the agent fits.</param>
public sealed record AgentMatch(AgentSpec Spec, double Score, IReadOnlyList<string> Why, IReadOnlyList<string> Missing);

/// <summary>
/// Finds agents that fit a text such as "needs rust and profiling", by words and without a model. Words are compared by their stems; words that
/// say nothing are left out. Each word of the text counts by the best place in which an agent has it: a capability 1, its name or kind 0.7, its role
/// 0.5. A word counts the more the fewer agents have it, ln(1 + N / (n + 1)) with n of N agents. The score is the sum over
/// the words, divided by what an agent would have that has them all as capabilities.
/// </summary>
public static class AgentMatcher
{
    /// <summary>Longest text that is looked at, in characters.</summary>
    public const int MaxText = 4_000;

    private static readonly (string Label, double Weight, Func<AgentSpec, IEnumerable<string?>> Texts)[] Places =
    [
        ("capability", 1, static s => s.Capabilities),
        ("name", 0.7, static s => [s.Id]),
        ("kind", 0.7, static s => [s.Kind]),
        ("role", 0.5, static s => [s.Role]),
    ];

    /// <summary>The agents that fit at all, the best first; those that fit alike in the order in which they are given.</summary>
    public static IReadOnlyList<AgentMatch> Rank(string text, IReadOnlyList<AgentSpec> agents)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(agents);
        var asked = Words.Of(text.Length > MaxText ? text[..MaxText] : text).DistinctBy(w => w.Stem).ToList();
        var found = agents.Select(a => Index(a, asked.Select(w => w.Stem).ToHashSet(StringComparer.Ordinal))).ToList();
        var weights = asked.ToDictionary(w => w.Stem, w => Math.Log(1 + (agents.Count / (1.0 + found.Count(f => f.ContainsKey(w.Stem))))), StringComparer.Ordinal);
        var all = weights.Values.Sum();
        return [.. agents.Select((agent, i) => Match(agent, asked, found[i], weights, all)).Where(m => m.Score > 0).OrderByDescending(m => m.Score)];
    }

    private static AgentMatch Match(AgentSpec agent, List<(string Word, string Stem)> asked, Dictionary<string, (double Weight, string Why)> found, Dictionary<string, double> weights, double all)
    {
        var hits = asked.Where(w => found.ContainsKey(w.Stem)).Select(w => (Gain: found[w.Stem].Weight * weights[w.Stem], found[w.Stem].Why)).ToList();
        return new AgentMatch(
            agent,
            all > 0 ? hits.Sum(h => h.Gain) / all : 0,
            [.. hits.OrderByDescending(h => h.Gain).Select(h => h.Why).Distinct()],
            [.. asked.Where(w => !found.ContainsKey(w.Stem)).Select(w => w.Word)]);
    }

    /// <summary>The best place of every word that is asked for.</summary>
    private static Dictionary<string, (double Weight, string Why)> Index(AgentSpec agent, HashSet<string> asked)
    {
        var index = new Dictionary<string, (double, string)>(StringComparer.Ordinal);
        foreach (var (label, weight, texts) in Places)
            foreach (var text in texts(agent))
                foreach (var (word, stem) in Words.Of(text))
                    if (asked.Contains(stem)) index.TryAdd(stem, (weight, $"{label} '{(label == "role" ? word : text)}'"));
        return index;
    }
}
