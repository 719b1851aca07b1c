namespace Skep.Memory;

/// <summary>A value to be stored.</summary>
/// <param name="Path">Where; see <see cref="MemoryPath"/>.</param>
/// <param name="Value">The bytes; they must not change until the store has completed.</param>
public sealed record StoreRequest(string Path, ReadOnlyMemory<byte> Value)
{
    /// <summary>What the value consists of.</summary>
    public MemoryContentType ContentType { get; init; } = MemoryContentType.Text;

    /// <summary>After which time the entry no longer exists; null for never. A store without one takes away an earlier one's.</summary>
    public TimeSpan? Ttl { get; init; }

    /// <summary>The version that the entry must have, 0 for no such entry; null for any.</summary>
    public long? ExpectedVersion { get; init; }

    /// <summary>Who writes.</summary>
    public MemoryAuthor Author { get; init; } = MemoryAuthor.Unknown;

    /// <summary>Words that filters can ask for, <c>tags has "urgent"</c>; see <see cref="MemoryTags"/>. A store without tags takes earlier ones away.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>
    /// A vector of the caller's own to find the entry by, in place of one made from its text; null for none. Its model must be that of the namespace, or the
    /// store is refused. It is kept with the entry; a store without one takes an earlier one away.
    /// </summary>
    public EntryVector? Vector { get; init; }

    /// <summary>
    /// Names the request where it may be delivered twice: if the expected version is not there because the first delivery was carried out, the
    /// second one tells the same. Recognised among the last <see cref="MemoryLimits.MaxRepeated"/> changes.
    /// </summary>
    public string? RequestId { get; init; }

    /// <summary>Throws when it cannot be stored, whatever the memory holds.</summary>
    internal MemoryPath Require(MemoryLimits limits)
    {
        var path = MemoryPath.Parse(Path);
        if (Value.Length > limits.MaxValueBytes)
            throw new MemoryException(MemoryFault.TooLarge, $"the value of '{path}' has {Value.Length} bytes; at most {limits.MaxValueBytes} are allowed: keep it in a file and store where that is");
        MemoryContentTypes.Require(ContentType, Value.Span, path.Full);
        if (Ttl is { } ttl && (ttl < TimeSpan.FromMilliseconds(1) || ttl > MemoryLimits.MaxTtl))
            throw new MemoryException(MemoryFault.InvalidRequest, $"a time-to-live of {ttl} is not possible: give 1 ms to {MemoryLimits.MaxTtl.TotalDays:0} days");
        if (ExpectedVersion < 0) throw new MemoryException(MemoryFault.InvalidRequest, $"{ExpectedVersion} cannot be an expected version: give 0 for an entry that must not exist, or a version that was read");
        if (RequestId is { Length: 0 or > MemoryLimits.MaxAuthorField }) throw new MemoryException(MemoryFault.InvalidRequest, $"a request's id has 1 to {MemoryLimits.MaxAuthorField} characters");
        Author.Require();
        MemoryTags.Require(Tags, path.Full);
        Vector?.Require(path.Full);
        return path;
    }
}

/// <summary>What became of a store or a deletion.</summary>
/// <param name="Applied">Whether it was done. If not, the entry did not have the expected version, or there was nothing to delete.</param>
/// <param name="Version">The entry's version: after it when applied, else the actual one; 0 when there is no entry.</param>
/// <param name="Revision">The memory's revision afterwards.</param>
/// <param name="ExpiresUnixMs">When the stored entry expires, Unix milliseconds; null for never.</param>
public readonly record struct WriteResult(bool Applied, long Version, long Revision, long? ExpiresUnixMs = null);
