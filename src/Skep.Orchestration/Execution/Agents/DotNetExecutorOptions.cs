namespace Skep.Orchestration;

/// <summary>Settings of <see cref="DotNetExecutor"/>.</summary>
public sealed record DotNetExecutorOptions
{
    /// <summary>How long an agent may take to return after it was cancelled, before it is abandoned. Default 10 s.</summary>
    public TimeSpan AbandonGrace { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Where the values of secrets are read, so that they can be masked. Default is this process's environment.</summary>
    public Func<IReadOnlyDictionary<string, string>> HostEnvironment { get; init; } = new CommandExecutorOptions().HostEnvironment;
}
