using System.Runtime.InteropServices;

namespace Skep.Orchestration.Processes;

/// <summary>What this operating system can do for child processes.</summary>
internal static class UnixSystem
{
    /// <summary>Whether processes can be looked at through /proc: their tree, environment and resources.</summary>
    public static bool HasProc { get; } = OperatingSystem.IsLinux() && File.Exists("/proc/self/stat");

    /// <exception cref="PlatformNotSupportedException">This is neither Linux nor macOS.</exception>
    public static void EnsureSupported()
    {
        if (!OperatingSystem.IsLinux() && !OperatingSystem.IsMacOS())
            throw new PlatformNotSupportedException("Skep runs commands on Linux and macOS; on Windows, run it inside WSL (https://learn.microsoft.com/windows/wsl)");
    }

    /// <summary>The system's words for an error number.</summary>
    public static string Describe(int errno) => Marshal.GetPInvokeErrorMessage(errno);

    /// <summary>Whether the error means that the system is short of something and another try may work.</summary>
    public static bool IsShortage(int errno) => errno is LibC.ENOMEM
        || errno == (OperatingSystem.IsMacOS() ? LibC.EAGAIN_Mac : LibC.EAGAIN_Linux);

    /// <summary>The path with all symbolic links resolved, or null when there is nothing.</summary>
    public static unsafe string? RealPath(string path)
    {
        var resolved = LibC.RealPath(path, null);
        if (resolved is null) return null;
        try
        {
            return Marshal.PtrToStringUTF8((nint)resolved);
        }
        finally
        {
            LibC.Free(resolved);
        }
    }
}
