using System.Text;

namespace Skep.Memory;

/// <summary>Who wrote an entry, as far as it is known.</summary>
/// <param name="Agent">The agent.</param>
/// <param name="Task">The task.</param>
/// <param name="Run">The run.</param>
public sealed record MemoryAuthor(string? Agent = null, string? Task = null, string? Run = null)
{
    /// <summary>Nobody in particular.</summary>
    public static MemoryAuthor Unknown { get; } = new();

    /// <summary>Throws when a field is too long or has control characters.</summary>
    internal void Require()
    {
        foreach (var (name, value) in new[] { ("agent", Agent), ("task", Task), ("run", Run) })
        {
            if (value is null) continue;
            if (value.Length is 0 or > MemoryLimits.MaxAuthorField || value.Any(static c => char.IsControl(c) || char.IsSurrogate(c)))
                throw new MemoryException(MemoryFault.InvalidRequest, $"'{MemoryPath.Shown(value)}' cannot be the {name} that writes an entry: use 1 to {MemoryLimits.MaxAuthorField} characters without control characters");
        }
    }
}

/// <summary>An entry as it was when it was read.</summary>
public sealed record MemoryEntry
{
    /// <summary>Namespace and key.</summary>
    public required string Path { get; init; }

    /// <summary>Grows with each write of this entry, see <see cref="MemoryStore"/>.</summary>
    public required long Version { get; init; }

    /// <summary>The memory's revision at which it was last written.</summary>
    public required long Revision { get; init; }

    /// <summary>What the value consists of.</summary>
    public required MemoryContentType ContentType { get; init; }

    /// <summary>When it was first written, Unix milliseconds.</summary>
    public required long CreatedUnixMs { get; init; }

    /// <summary>When it was last written, Unix milliseconds.</summary>
    public required long UpdatedUnixMs { get; init; }

    /// <summary>The first millisecond at which it no longer exists; null for never.</summary>
    public long? ExpiresUnixMs { get; init; }

    /// <summary>Who wrote it last.</summary>
    public required MemoryAuthor Author { get; init; }

    /// <summary>Bytes of the value.</summary>
    public required long Size { get; init; }

    /// <summary>Tags, each once, in ordinal order; see <see cref="MemoryTags"/>.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>The value; null where only the rest was asked for.</summary>
    public ReadOnlyMemory<byte>? Value { get; init; }

    /// <summary>The value as UTF-8 text; empty where it was not asked for.</summary>
    public string Text => Value is { } value ? Encoding.UTF8.GetString(value.Span) : "";
}

/// <summary>Some entries in ordinal order of their paths.</summary>
/// <param name="Entries">The entries.</param>
/// <param name="Next">Where to go on: pass it as <c>after</c>; null at the end.</param>
/// <param name="Revision">The memory's revision when the page was read: a watcher from here misses and repeats nothing.</param>
public sealed record MemoryPage(IReadOnlyList<MemoryEntry> Entries, string? Next, long Revision);
