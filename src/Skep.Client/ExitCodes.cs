namespace Skep.Client;

/// <summary>What the program's exit code says. Part of its interface: scripts rely on these numbers.</summary>
internal static class ExitCodes
{
    /// <summary>Done; for a run: it succeeded.</summary>
    public const int Ok = 0;

    /// <summary>The run failed.</summary>
    public const int RunFailed = 1;

    /// <summary>Memory has no such entry. The same number as for a run that failed, and as other programs have for "nothing found".</summary>
    public static int NotFound => RunFailed;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 2;

    /// <summary>The plan is not valid, or asks for what is not there.</summary>
    public const int PlanInvalid = 3;

    /// <summary>The run was cancelled.</summary>
    public const int RunCancelled = 4;

    /// <summary>The .skep folder cannot be used: locked, damaged, read-only, full, too new.</summary>
    public const int Storage = 5;

    /// <summary>There is no such run, or its log cannot be read.</summary>
    public const int RunNotFound = 6;

    /// <summary>The request makes no sense in the run's present state.</summary>
    public const int Refused = 7;

    /// <summary>Somebody else was faster: an entry does not have the version that was expected.</summary>
    public const int Conflict = 8;

    /// <summary>A fault in the program itself.</summary>
    public const int Internal = 70;

    /// <summary>Stopped because its terminal was closed (SIGHUP); the run can be resumed.</summary>
    public const int HungUp = 129;

    /// <summary>Stopped by Ctrl-C; the run can be resumed.</summary>
    public const int Interrupted = 130;

    /// <summary>Stopped by SIGTERM; the run can be resumed.</summary>
    public const int Terminated = 143;

    /// <summary>All codes with their meaning, for <c>skep help exit-codes</c>.</summary>
    public static IReadOnlyList<(int Code, string Meaning)> All { get; } =
    [
        (Ok, "done; the run succeeded"),
        (RunFailed, "the run failed; memory: there is no such entry, or nothing was found"),
        (Usage, "the command line is wrong"),
        (PlanInvalid, "the plan is not valid, or asks for what is not there"),
        (RunCancelled, "the run was cancelled"),
        (Storage, "the .skep folder cannot be used: locked, damaged, read-only, full"),
        (RunNotFound, "there is no such run, or its log cannot be read"),
        (Refused, "the request was refused: it does not fit the run's state"),
        (Conflict, "memory: the entry does not have the expected version"),
        (Internal, "a fault in skep itself"),
        (HungUp, "stopped because its terminal was closed; the run can be resumed"),
        (Interrupted, "stopped by Ctrl-C; the run can be resumed"),
        (Terminated, "stopped by SIGTERM; the run can be resumed"),
    ];

    /// <summary>The code for a run's status.</summary>
    public static int Of(RunStatus status) => status switch
    {
        RunStatus.Failed => RunFailed,
        RunStatus.Cancelled => RunCancelled,
        _ => Ok,
    };
}
