namespace Skep.Orchestration.Tests.Execution;

/// <summary>A test that starts real processes.</summary>
public sealed class UnixFactAttribute : FactAttribute
{
    public UnixFactAttribute()
    {
        if (!OperatingSystem.IsLinux() && !OperatingSystem.IsMacOS()) Skip = "starts processes, which Skep does on Linux and macOS only";
    }
}

/// <summary>A test that looks at processes through /proc.</summary>
public sealed class LinuxFactAttribute : FactAttribute
{
    public LinuxFactAttribute()
    {
        if (!File.Exists("/proc/self/stat")) Skip = "needs /proc, which only Linux has";
    }
}
