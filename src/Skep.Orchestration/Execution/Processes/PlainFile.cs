using Microsoft.Win32.SafeHandles;

namespace Skep.Orchestration.Processes;

/// <summary>Opens files that a task wrote, which may be anything: a pipe would block the reader for ever.</summary>
internal static class PlainFile
{
    private static readonly int NonBlocking = OperatingSystem.IsMacOS() ? 0x1000004 : 0x80800;

    /// <summary>Opens a plain file for reading, or returns null for anything else.</summary>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public static FileStream? Open(string path)
    {
        if (Directory.Exists(path)) return null;
        var fd = LibC.Open(path, NonBlocking);
        if (fd < 0) throw new IOException($"'{path}' cannot be read: {UnixSystem.Describe(System.Runtime.InteropServices.Marshal.GetLastPInvokeError())}");
        var file = new FileStream(new SafeFileHandle(fd, ownsHandle: true), FileAccess.Read, bufferSize: 0);
        if (file.CanSeek) return file;
        file.Dispose();
        return null;
    }

    /// <summary>Reads a plain file, at most so many bytes; null for anything else.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static byte[]? ReadAll(string path, int maxBytes)
    {
        using var file = Open(path);
        if (file is null) return null;
        var bytes = new byte[Math.Min(maxBytes, file.Length)];
        return bytes.AsSpan(0, file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)).ToArray();
    }
}
