using System.Security.Cryptography;
using System.Text;
using Skep.Storage.Unix;

namespace Skep.Storage;

/// <summary>Finds a path for the owner's Unix socket that is short enough and that nobody else can sit on.</summary>
internal static class SocketLocation
{
    /// <summary>Longest path in bytes: the BSDs have 104 with the closing zero, Linux 108.</summary>
    internal const int MaxPathBytes = 103;

    internal static string For(string root) =>
        For(root, Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR"), OperatingSystem.IsWindows() ? Path.GetTempPath() : "/tmp");

    internal static string For(string root, string? runtimeDirectory, string temporaryDirectory)
    {
        var direct = Path.Combine(root, "skep.sock");
        if (Fits(direct)) return direct;

        var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(root)).AsSpan(0, 12));
        if (IsPrivate(runtimeDirectory))
        {
            var path = Path.Combine(runtimeDirectory!, $"skep-{name}.sock");
            if (Fits(path)) return path;
        }

        var directory = Path.Combine(temporaryDirectory, OperatingSystem.IsWindows() ? "skep" : $"skep-{Libc.EffectiveUserId()}");
        Claim(directory);
        return Path.Combine(directory, $"{name}.sock");
    }

    private static bool Fits(string path) => Encoding.UTF8.GetByteCount(path) <= MaxPathBytes;

    private static bool IsPrivate(string? directory) =>
        directory is { Length: > 0 } && Path.IsPathFullyQualified(directory)
        && FileOwner.Of(directory, followLinks: true) is { IsDirectory: true, IsOurs: true, IsWritableByOthers: false };

    /// <summary>
    /// Makes the directory ours. Anybody may create names in <c>/tmp</c>, so one that was there before us is only used when it is
    /// a real directory of this user; in a sticky directory nobody else can then replace it.
    /// </summary>
    private static void Claim(string directory)
    {
        try
        {
            if (FileOwner.Of(directory, followLinks: false) is { } owner && !(owner.IsDirectory && owner.IsOurs)) throw Refuse(directory, null);
            if (new DirectoryInfo(directory).LinkTarget is not null) throw Refuse(directory, null);
            Directories.CreatePrivate(directory);
            if (FileOwner.Of(directory, followLinks: false) is { } made && (!made.IsDirectory || !made.IsOurs || made.IsOpenToOthers)) throw Refuse(directory, null);
        }
        catch (Exception e) when (FileFaults.IsFileFault(e))
        {
            throw Refuse(directory, e);
        }
    }

    private static StorageException Refuse(string directory, Exception? inner) =>
        new(StorageFault.Io, $"no safe place for the socket: '{directory}' is not a directory that belongs to you alone; remove it, set XDG_RUNTIME_DIR, or move the project to a shorter path", inner);
}
