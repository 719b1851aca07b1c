using System.Runtime.InteropServices;
using System.Text;

namespace Skep.Orchestration.Processes;

/// <summary>
/// One call of <c>posix_spawn</c>: the child becomes leader of a new session, and with it of a new process group, without a terminal;
/// stdin is /dev/null or a file; stdout and stderr share one pipe, so that their order is the order of writing, unless they are asked for apart; signals are back to their defaults
/// (.NET ignores SIGPIPE, which a child would inherit); no other descriptor is passed on, neither the host's own parent's nor one that the runtime
/// just has open.
/// </summary>
internal static unsafe class PosixSpawn
{
    private const short SetSigDefault = 0x04;
    private const short SetSigMask = 0x08;
    private const short MacCloseOnExecDefault = 0x4000;

    private static readonly short Flags = (short)(SetSigDefault | SetSigMask | (OperatingSystem.IsMacOS() ? 0x0400 | MacCloseOnExecDefault : 0x80));

    /// <summary>glibc 2.34 and later; elsewhere it is up to whoever opens a file to mark it close-on-exec, as .NET does.</summary>
    private static readonly delegate* unmanaged<void*, int, int> AddCloseFrom = FindAddCloseFrom();

    /// <summary>Whether all descriptors but the standard ones are closed in the child, however they were opened.</summary>
    public static bool ClosesInherited => AddCloseFrom is not null || OperatingSystem.IsMacOS();

    /// <summary>Starts the program and returns its process id.</summary>
    /// <exception cref="ProcessStartException">The system refused.</exception>
    public static int Start(string path, ProcessStart start, int outputFd, int errorFd)
    {
        using var argv = new NativeStrings(start.Argv);
        using var envp = new NativeStrings([.. start.Environment.Select(v => $"{v.Key}={v.Value}")]);
        var actions = stackalloc byte[LibC.OpaqueSize];
        var attributes = stackalloc byte[LibC.OpaqueSize];
        Check(LibC.FileActionsInit(actions));
        Check(LibC.AttributesInit(attributes));
        try
        {
            AddFileActions(actions, outputFd, errorFd, start);
            SetAttributes(attributes);
            fixed (byte* program = Encoding.UTF8.GetBytes(path + '\0'))
            {
                var error = LibC.PosixSpawn(out var pid, program, actions, attributes, argv.Pointer, envp.Pointer);
                return error == 0 ? pid : throw Refused(start.Argv[0], error);
            }
        }
        finally
        {
            _ = LibC.AttributesDestroy(attributes);
            _ = LibC.FileActionsDestroy(actions);
        }
    }

    private static void AddFileActions(byte* actions, int outputFd, int errorFd, ProcessStart start)
    {
        // Output first: should our end of the pipe be descriptor 0 (a host without stdin), opening /dev/null there comes after its last use.
        // Errors before it: descriptor 1 may be the pipe for errors, and is no more once output is there.
        Check(LibC.FileActionsAddDup2(actions, errorFd, 2));
        Check(LibC.FileActionsAddDup2(actions, outputFd, 1));
        fixed (byte* input = Encoding.UTF8.GetBytes((start.InputFile ?? "/dev/null") + '\0'))
            Check(LibC.FileActionsAddOpen(actions, 0, input, 0, 0));
        fixed (byte* folder = Encoding.UTF8.GetBytes(start.WorkingDirectory + '\0'))
            Check(LibC.FileActionsAddChdir(actions, folder));
        if (AddCloseFrom is not null) Check(AddCloseFrom(actions, 3));
    }

    private static delegate* unmanaged<void*, int, int> FindAddCloseFrom() =>
        OperatingSystem.IsLinux()
        && NativeLibrary.TryLoad("libc", typeof(PosixSpawn).Assembly, null, out var libc)
        && NativeLibrary.TryGetExport(libc, "posix_spawn_file_actions_addclosefrom_np", out var function)
            ? (delegate* unmanaged<void*, int, int>)function : null;

    private static void SetAttributes(byte* attributes)
    {
        var set = stackalloc byte[LibC.OpaqueSize];
        _ = LibC.SigFillSet(set);
        Check(LibC.AttributesSetSigDefault(attributes, set));
        _ = LibC.SigEmptySet(set);
        Check(LibC.AttributesSetSigMask(attributes, set));
        Check(LibC.AttributesSetFlags(attributes, Flags));
    }

    private static void Check(int error)
    {
        if (error != 0) throw new ProcessStartException($"preparing a process failed: {UnixSystem.Describe(error)}", UnixSystem.IsShortage(error));
    }

    private static ProcessStartException Refused(string program, int error) => new(
        error switch
        {
            LibC.ENOENT => $"program '{program}' cannot be started: the interpreter in its #! line, or the loader it was linked for, does not exist",
            LibC.ENOEXEC => $"program '{program}' cannot be started: it has no #! line, or was built for another system",
            LibC.EACCES => $"program '{program}' cannot be started: permission denied (its file system may be mounted noexec, or its interpreter lacks the x permission)",
            LibC.E2BIG => $"program '{program}' cannot be started: arguments and environment together are too large; pass large values through files",
            _ => $"program '{program}' cannot be started: {UnixSystem.Describe(error)}",
        },
        UnixSystem.IsShortage(error));
}
