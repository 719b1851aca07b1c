using System.Collections;

namespace Skep.Orchestration;

/// <summary>Settings of <see cref="CommandExecutor"/>.</summary>
public sealed record CommandExecutorOptions
{
    /// <summary>How long processes may take to end after TERM before they get KILL. Default 5 s.</summary>
    public TimeSpan KillGrace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long what a program left running in the background may go on writing after the program's end, before it is stopped. Default 200 ms.</summary>
    public TimeSpan SettleTime { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>How long output is read on after all processes are gone, in case an unknown one holds the pipe. Default 5 s.</summary>
    public TimeSpan DrainTime { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The host's environment. Read at each attempt; default is this process's.</summary>
    public Func<IReadOnlyDictionary<string, string>> HostEnvironment { get; init; } = ThisProcess;

    /// <summary>Path of the program that children may call as <c>skep</c>, or null when this process is something else.</summary>
    public string? SkepProgram { get; init; } = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "skep" ? Environment.ProcessPath : null;

    /// <summary>Path of the thin client (<c>skepc</c>) that hooks call, or null when there is none beside the program; then they call the program itself.</summary>
    public string? SkepClient { get; init; } = Beside(Environment.ProcessPath);

    /// <summary>The clock for samples of resource use.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    private static string? Beside(string? program) =>
        Path.GetFileNameWithoutExtension(program) == "skep" && Path.Combine(Path.GetDirectoryName(program)!, "skepc") is var client && File.Exists(client) ? client : null;

    private static Dictionary<string, string> ThisProcess() =>
        Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(v => (string)v.Key, v => (string?)v.Value ?? "", StringComparer.Ordinal);
}
