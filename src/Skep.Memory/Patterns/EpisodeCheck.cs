namespace Skep.Memory.Patterns;

/// <summary>What an episode must be like.</summary>
internal static class EpisodeCheck
{
    /// <summary>Throws when an episode cannot be recorded; the message says what is wrong and what would be right.</summary>
    /// <exception cref="MemoryException">It cannot.</exception>
    internal static void Require(Episode episode)
    {
        if (FaultOf(episode) is { } fault) throw new MemoryException(MemoryFault.InvalidRequest, $"the episode cannot be recorded: {fault}");
    }

    /// <summary>What is wrong with it, or null.</summary>
    internal static string? FaultOf(Episode episode) =>
        TaskFault(episode) ?? KindFault(episode.Kind) ?? ActionFault(episode) ?? WordsFault("tag", episode.Tags) ?? WordsFault("effect", episode.Effects) ?? NumberFault(episode) ?? CritiqueFault(episode.Critique) ?? IdFault(episode);

    /// <summary>What is wrong with a kind, or null.</summary>
    internal static string? KindFault(string? kind)
    {
        if (kind is null) return null;
        if (kind.Length is 0 or > PatternLimits.MaxKind) return $"its kind has {kind.Length} characters; a label has 1 to {PatternLimits.MaxKind}, such as parse-invoice";
        return kind.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or ':') ? null : $"'{MemoryPath.Shown(kind)}' cannot be its kind: use ASCII letters, digits and - _ . :, such as parse-invoice";
    }

    private static string? TaskFault(Episode episode)
    {
        if (episode.IsFaded) return episode.Task.Length == 0 ? null : "only its counts are kept, and yet it has a task";
        if (string.IsNullOrWhiteSpace(episode.Task)) return "its task is empty; say in words what was to be done";
        return TextFault("task", episode.Task, PatternLimits.MaxTask);
    }

    private static string? ActionFault(Episode episode)
    {
        if (episode.Actions.Count == 0) return "it has no action; say what was done, in one to a few short words each";
        if (episode.Actions.Count > PatternLimits.MaxActions) return $"it has {episode.Actions.Count} actions; at most {PatternLimits.MaxActions} are kept: name the ones that mattered";
        foreach (var action in episode.Actions)
        {
            if (string.IsNullOrWhiteSpace(action)) return "one of its actions is empty";
            if (TextFault("action", action, PatternLimits.MaxAction) is { } fault) return fault;
        }

        return null;
    }

    private static string? WordsFault(string what, IReadOnlyList<string> words)
    {
        if (words.Count > PatternLimits.MaxTags) return $"it has {words.Count} {what}s; at most {PatternLimits.MaxTags} are kept";
        foreach (var word in words)
        {
            if (word is not { Length: > 0 and <= PatternLimits.MaxTag } || word.Any(static c => char.IsControl(c) || char.IsSurrogate(c)))
                return $"'{MemoryPath.Shown(word ?? "")}' cannot be one of its {what}s: use 1 to {PatternLimits.MaxTag} characters without control characters";
        }

        return null;
    }

    private static string? NumberFault(Episode episode)
    {
        if (!(episode.Reward is >= 0 and <= 1)) return $"its reward is {episode.Reward}; a reward is from 0 (worth nothing) to 1 (as good as can be)";
        if (episode.Count is < 1 or > PatternLimits.MaxCount) return $"it stands for {episode.Count} tries; 1 to {PatternLimits.MaxCount} are possible";
        if (episode.Merged.Count > PatternLimits.MaxMerged) return $"{episode.Merged.Count} others were merged into it; at most {PatternLimits.MaxMerged} can be";
        if (!Enum.IsDefined(episode.Outcome)) return "its outcome is neither success nor failure";
        return Enum.IsDefined(episode.Assigned) ? null : "its actions are neither chosen nor assigned at random";
    }

    private static string? CritiqueFault(string? critique) => critique is null ? null : TextFault("critique", critique, PatternLimits.MaxCritique);

    private static string? IdFault(Episode episode)
    {
        // One that is being recorded without an id gets one.
        foreach (var id in episode.Id.Length == 0 ? episode.Merged : episode.Merged.Prepend(episode.Id))
        {
            if (id is null) return "one of the ids of what was merged into it is null";
            if (id.Length > PatternLimits.MaxId) return $"its id has {id.Length} characters; at most {PatternLimits.MaxId} are allowed";
            if (id.Contains('/') || MemoryPath.FaultOf(id) is not null) return $"'{MemoryPath.Shown(id)}' cannot be its id: use ASCII letters, digits and - _ . : @";
        }

        return null;
    }

    private static string? TextFault(string what, string text, int most)
    {
        if (text.Length > most) return $"its {what} has {text.Length} characters; at most {most} are kept";
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\0') return $"its {what} has a NUL character";
            if (!char.IsSurrogate(text[i])) continue;
            if (!char.IsSurrogatePair(text, i)) return $"its {what} has half of a surrogate pair, which is no text";
            i++;
        }

        return null;
    }
}
