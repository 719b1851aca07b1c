namespace Skep.Storage;

/// <summary>A stored blob.</summary>
/// <param name="Sha256">SHA-256 of its content, lower-case hex: its name.</param>
/// <param name="Bytes">Its length.</param>
public readonly record struct BlobInfo(string Sha256, long Bytes);

/// <summary>What happens to a file whose content is stored.</summary>
public enum BlobTransfer
{
    /// <summary>It stays.</summary>
    Copy,

    /// <summary>It becomes the blob, or is removed when the blob is already there.</summary>
    Move,
}

/// <summary>What a garbage collection did.</summary>
/// <param name="Blobs">Blobs removed.</param>
/// <param name="Bytes">Bytes freed, temporary files included.</param>
/// <param name="TemporaryFiles">Remains of interrupted puts removed.</param>
public readonly record struct BlobGarbage(int Blobs, long Bytes, int TemporaryFiles);
