using System.IO.Pipes;

namespace Skep.Orchestration.Processes;

/// <summary>
/// A child process that leads its own session and process group. Costs no thread: output is read through the runtime's poll loop and
/// the exit is told by SIGCHLD (see <see cref="ChildReaper"/>).
/// </summary>
internal sealed unsafe class ChildProcess : IDisposable
{
    /// <summary>How much larger than ours a child's peak must be to be its own; the kernel's counters are exact to some pages per core.</summary>
    private const long RssSlack = 1024 * 1024;

    private readonly Lock _gate = new();
    private readonly TaskCompletionSource<ProcessExit> _exit = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly AnonymousPipeServerStream _output;
    private readonly AnonymousPipeServerStream? _errors;
    private readonly long _parentPeakRss;
    private bool _reaped;

    private ChildProcess(int id, AnonymousPipeServerStream output, AnonymousPipeServerStream? errors)
    {
        Id = id;
        _output = output;
        _errors = errors;
        _parentPeakRss = OperatingSystem.IsLinux() ? ResourceUsage.OwnPeakRss() : 0;
    }

    /// <summary>Process id, and id of its group and session.</summary>
    public int Id { get; }

    /// <summary>What it and its descendants write to stdout and stderr. Ends when the last of them closes it.</summary>
    public Stream Output => _output;

    /// <summary>What they write to stderr, when that was asked for apart (<see cref="ProcessStart.SplitErrors"/>); otherwise null.</summary>
    public Stream? Errors => _errors;

    /// <summary>Completes when the process (not its descendants) has ended.</summary>
    public Task<ProcessExit> Exit => _exit.Task;

    /// <summary>Starts a process.</summary>
    /// <exception cref="ProcessStartException">It cannot be started.</exception>
    /// <exception cref="PlatformNotSupportedException">Neither Linux nor macOS.</exception>
    public static ChildProcess Start(ProcessStart start)
    {
        UnixSystem.EnsureSupported();
        Validate(start);
        var path = ProgramPath.Resolve(start.Argv[0], start.Environment, start.WorkingDirectory);
        var output = new AnonymousPipeServerStream(PipeDirection.In, HandleInheritability.None);
        var errors = start.SplitErrors ? new AnonymousPipeServerStream(PipeDirection.In, HandleInheritability.None) : null;
        try
        {
            var pid = PosixSpawn.Start(path, start, FdOf(output), FdOf(errors ?? output));
            output.DisposeLocalCopyOfClientHandle();
            errors?.DisposeLocalCopyOfClientHandle();
            var child = new ChildProcess(pid, output, errors);
            ChildReaper.Watch(child);
            return child;
        }
        catch
        {
            output.Dispose();
            errors?.Dispose();
            throw;
        }
    }

    /// <summary>Sends a signal to the process group. False when the leader is gone and its number may belong to another by now.</summary>
    public bool SignalGroup(int signal)
    {
        lock (_gate)
        {
            if (_reaped) return false;
            _ = LibC.Kill(-Id, signal);
            return true;
        }
    }

    /// <summary>Collects the exit status if the process has ended. True when there is nothing more to wait for.</summary>
    public bool TryReap()
    {
        var usage = stackalloc long[ResourceUsage.Words];
        lock (_gate)
        {
            if (_reaped) return true;
            var result = LibC.Wait4(Id, out var status, LibC.WaitNoHang, usage);
            if (result == 0) return false;
            _reaped = true;
            _exit.SetResult(result == Id ? Decode(status, usage) : ProcessExit.Stolen);
            return true;
        }
    }

    /// <summary>Stops reading its output. Does not stop the process.</summary>
    public void Dispose()
    {
        _output.Dispose();
        _errors?.Dispose();
    }

    private static int FdOf(AnonymousPipeServerStream pipe) => (int)pipe.ClientSafePipeHandle.DangerousGetHandle();

    private ProcessExit Decode(int status, long* usage)
    {
        // A spawned child shares our memory until it executes its program, and the kernel books that as its peak: below ours it says nothing.
        var peak = ResourceUsage.PeakRss(usage);
        var signal = status & 0x7f;
        return new ProcessExit(
            signal == 0 ? (status >> 8) & 0xff : null,
            signal,
            ResourceUsage.Cpu(usage),
            peak > _parentPeakRss + RssSlack || OperatingSystem.IsMacOS() ? peak : null);
    }

    private static void Validate(ProcessStart start)
    {
        if (start.Argv.Count == 0) throw new ProcessStartException("the command is empty: the first item names the program to run");
        foreach (var text in start.Argv)
            if (text.Contains('\0')) throw new ProcessStartException("an argument of the command holds a NUL character, which no program can receive");
        foreach (var (name, value) in start.Environment)
            if (name.Length == 0 || name.Contains('=') || name.Contains('\0') || value.Contains('\0'))
                throw new ProcessStartException($"environment variable '{name.Replace('\0', '?')}' cannot be passed: names hold neither '=' nor NUL, values no NUL");
        if (!Directory.Exists(start.WorkingDirectory))
            throw new ProcessStartException($"working directory '{start.WorkingDirectory}' does not exist: create it in an earlier task, or correct 'cwd'");
    }
}
