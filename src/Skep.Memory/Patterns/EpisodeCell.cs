using System.Security.Cryptography;
using System.Text;

namespace Skep.Memory.Patterns;

/// <summary>
/// All that counting looks at. Episodes of one cell can be merged, and their texts dropped, without any table of counts changing.
/// </summary>
/// <param name="Kind">The kind; empty for none.</param>
/// <param name="Actions">The actions, normalised, one a line.</param>
/// <param name="Context">Tags and effects, each in order, one a line.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Assigned">What decided on the actions.</param>
internal readonly record struct EpisodeCell(string Kind, string Actions, string Context, EpisodeOutcome Outcome, EpisodeAssignment Assigned)
{
    internal static EpisodeCell Of(Episode episode) =>
        new(episode.Kind ?? "", ActionText.Normalise(episode.Actions), $"{Lines(episode.Tags)}\u001f{Lines(episode.Effects)}", episode.Outcome, episode.Assigned);

    /// <summary>The id of the counts that are left of the cell.</summary>
    internal string FadedId => $"faded-{PatternHash.Of(Kind, Actions, Context, Outcome.ToString(), Assigned.ToString())}";

    private static string Lines(IReadOnlyList<string> words) => string.Join('\n', words.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
}

/// <summary>Short names that follow from what is named.</summary>
internal static class PatternHash
{
    /// <summary>Sixteen hexadecimal digits of SHA-256 over the parts with their lengths.</summary>
    internal static string Of(params ReadOnlySpan<string> parts)
    {
        var text = new StringBuilder();
        foreach (var part in parts) text.Append(part.Length).Append(':').Append(part);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..16];
    }
}
