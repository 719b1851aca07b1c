using System.Security.Cryptography;

namespace Skep.Orchestration.Hooks;

/// <summary>What a file consists of, at one moment.</summary>
/// <param name="Sha256">Lower-case hex; null when there is no hash.</param>
/// <param name="Size">Bytes; null when there is no file.</param>
/// <param name="Problem">Why there is no hash, or null.</param>
internal sealed record FileFingerprint(string? Sha256, long? Size, string? Problem)
{
    /// <summary>Largest file that is hashed, in bytes.</summary>
    public const long MaxHashedBytes = 256L * 1024 * 1024;

    private const int BufferSize = 64 * 1024;

    /// <summary>Reads a file as a stream. Never throws: an edit is a fact, whatever became of the file since.</summary>
    public static FileFingerprint Of(string path, long most = MaxHashedBytes)
    {
        try
        {
            // Only what is a plain file: reading a pipe or a device would never end.
            using var file = OperatingSystem.IsWindows() ? File.OpenRead(path) : Processes.PlainFile.Open(path);
            if (file is null) return new FileFingerprint(null, null, "it is no plain file");
            return file.Length > most ? new FileFingerprint(null, file.Length, $"it is larger than {most} bytes") : Hash(file, most);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return new FileFingerprint(null, null, e.Message);
        }
    }

    private static FileFingerprint Hash(FileStream file, long most)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[(int)Math.Clamp(file.Length, 4096, BufferSize)];
        long at = 0;
        for (int read; (read = file.Read(buffer)) > 0;)
        {
            hash.AppendData(buffer.AsSpan(0, read));
            at += read;
            if (at > most) return new FileFingerprint(null, at, $"it grew beyond {most} bytes");
        }

        return new FileFingerprint(Convert.ToHexStringLower(hash.GetHashAndReset()), at, null);
    }
}
