using System.Buffers;
using System.Buffers.Text;
using System.Globalization;

namespace Skep.Orchestration.Processes;

/// <summary>Reads processes through /proc. Everything may vanish at any time, so absence is an answer, not an error.</summary>
internal static unsafe class ProcFs
{
    /// <summary>Most bytes of an environment that are looked at; the kernel allows a quarter of the stack limit, normally 2 MiB.</summary>
    public const int MaxEnvironBytes = 4 * 1024 * 1024;

    private const int StatBytes = 1024;
    private const int ClockTicksName = 2;

    /// <summary>Clock ticks per second of the times in <see cref="ProcessStat"/>.</summary>
    public static long TicksPerSecond { get; } = OperatingSystem.IsLinux() ? LibC.SysConf(ClockTicksName) : 100;

    /// <summary>All process ids.</summary>
    public static IEnumerable<int> Ids()
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
            if (int.TryParse(folder.AsSpan("/proc/".Length), NumberStyles.None, CultureInfo.InvariantCulture, out var pid))
                yield return pid;
    }

    /// <summary>One process, or null when it is gone.</summary>
    public static ProcessStat? Stat(int pid)
    {
        Span<byte> buffer = stackalloc byte[StatBytes];
        var length = Read($"/proc/{pid}/stat", buffer);
        return length > 0 && ProcessStat.TryParse(buffer[..length], out var stat) ? stat : null;
    }

    /// <summary>All processes that can be read.</summary>
    public static IEnumerable<ProcessStat> All()
    {
        foreach (var pid in Ids())
            if (Stat(pid) is { } stat)
                yield return stat;
    }

    /// <summary>
    /// The process id given out last on this machine (in this container), or 0 when unknown. Ids are given out in turn, so equality with one's own child
    /// means that nothing was started since.
    /// </summary>
    public static int LastPid()
    {
        Span<byte> buffer = stackalloc byte[128];
        var line = buffer[..Math.Max(0, Read("/proc/loadavg", buffer))].TrimEnd((byte)'\n');
        var last = line[(line.LastIndexOf((byte)' ') + 1)..];
        return Utf8Parser.TryParse(last, out int pid, out _) ? pid : 0;
    }

    /// <summary>Whether the environment that a process was started with satisfies the marker. False when it may not be read.</summary>
    public static bool EnvironMatches(int pid, ProcessMarker marker)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(16 * 1024);
        try
        {
            int length;
            while ((length = Read($"/proc/{pid}/environ", buffer)) == buffer.Length && length < MaxEnvironBytes)
            {
                var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 4);
                ArrayPool<byte>.Shared.Return(buffer);
                buffer = larger;
            }

            return length > 0 && marker.Matches(buffer.AsSpan(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Reads up to the buffer's length; -1 when the file cannot be opened or read.</summary>
    private static int Read(string path, Span<byte> buffer)
    {
        const int closeOnExec = 0x80000;
        var fd = LibC.Open(path, closeOnExec);
        if (fd < 0) return -1;
        try
        {
            var total = 0;
            fixed (byte* start = buffer)
            {
                while (total < buffer.Length)
                {
                    var count = LibC.Read(fd, start + total, buffer.Length - total);
                    if (count < 0) return -1;
                    if (count == 0) break;
                    total += (int)count;
                }
            }

            return total;
        }
        finally
        {
            _ = LibC.Close(fd);
        }
    }
}
