namespace Skep.Memory;

/// <summary>Tags of entries: at most <see cref="Max"/> a piece, of 1 to <see cref="MaxLength"/> characters without control characters.</summary>
public static class MemoryTags
{
    /// <summary>Most tags of an entry.</summary>
    public const int Max = 64;

    /// <summary>Most characters of a tag.</summary>
    public const int MaxLength = 128;

    /// <summary>Throws when a tag cannot be kept.</summary>
    internal static void Require(IReadOnlyList<string> tags, string path)
    {
        if (tags.Count > Max) throw new MemoryException(MemoryFault.InvalidRequest, $"'{path}' has {tags.Count} tags; at most {Max} are allowed");
        foreach (var tag in tags)
        {
            if (tag is not { Length: > 0 and <= MaxLength } || tag.Any(static c => char.IsControl(c) || char.IsSurrogate(c)))
                throw new MemoryException(MemoryFault.InvalidRequest, $"'{MemoryPath.Shown(tag ?? "")}' cannot be a tag of '{path}': use 1 to {MaxLength} characters without control characters");
        }
    }

    /// <summary>As they stand in the database: one a line, in order, each once; null for none.</summary>
    internal static string? Join(IReadOnlyList<string>? tags) => tags is { Count: > 0 } ? string.Join('\n', tags.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)) : null;

    /// <summary>Reads what <see cref="Join"/> wrote.</summary>
    internal static IReadOnlyList<string> Split(string? joined) => joined is { Length: > 0 } ? joined.Split('\n') : [];
}
