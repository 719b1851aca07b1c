using Skep.Plans;

namespace Skep.Orchestration.Processes;

/// <summary>Watches the limits of one process tree and remembers its peaks.</summary>
internal sealed class LimitWatch : IDisposable
{
    private const int CpuResource = 0;

    private readonly AgentLimits _limits;
    private readonly TaskCompletionSource<string> _exceeded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly IDisposable? _samples;
    private long _peakRss;
    private long _cpuTicks;

    private LimitWatch(AgentLimits limits, TreeSampler sampler, int leader)
    {
        _limits = limits;
        if (IsLimited(limits)) _samples = sampler.Start(leader, OnSample);
    }

    /// <summary>Completes with a message when a limit is exceeded; never otherwise.</summary>
    public Task<string> Exceeded => _exceeded.Task;

    /// <summary>Largest memory seen, or null without samples.</summary>
    public long? PeakRssBytes => Volatile.Read(ref _peakRss) is > 0 and var peak ? peak : null;

    /// <summary>Largest CPU time seen.</summary>
    public TimeSpan Cpu => new(Volatile.Read(ref _cpuTicks));

    /// <summary>Why the limits cannot be kept on this system, or null.</summary>
    public static string? Unenforceable(AgentLimits limits) => UnixSystem.HasProc || !IsLimited(limits) ? null
        : "the limits on memory and CPU time cannot be enforced on this system, which has no /proc: remove 'limits.memory' and 'limits.cpu' from the plan, or run on Linux";

    /// <summary>Begins to watch a child that was just started.</summary>
    public static LimitWatch Start(AgentLimits limits, TreeSampler sampler, ChildProcess leader, TimeSpan grace)
    {
        if (limits.CpuTime is { } cpu) SetKernelLimit(leader.Id, cpu, grace);
        return new LimitWatch(limits, sampler, leader.Id);
    }

    /// <summary>The message for a process that the kernel ended because of the backstop, or null.</summary>
    public string? FromExit(ProcessExit exit) => _limits.CpuTime is { } limit && exit.Signal == Signals.CpuLimit ? CpuMessage(limit, exit.Cpu ?? Cpu) : null;

    /// <inheritdoc />
    public void Dispose() => _samples?.Dispose();

    private static bool IsLimited(AgentLimits limits) => limits.MemoryBytes is not null || limits.CpuTime is not null;

    /// <summary>The kernel's own limit, for a process that uses up CPU faster than we look. It holds for each process, not for the tree.</summary>
    private static unsafe void SetKernelLimit(int pid, TimeSpan cpu, TimeSpan grace)
    {
        if (!OperatingSystem.IsLinux()) return;
        var soft = (ulong)Math.Ceiling(cpu.TotalSeconds) + 1;
        var limit = stackalloc ulong[] { soft, soft + (ulong)Math.Ceiling(grace.TotalSeconds) + 1 };
        // Fails only when the process has ended already.
        _ = LibC.PrLimit(pid, CpuResource, limit, null);
    }

    private void OnSample(TreeUsage usage)
    {
        if (usage.RssBytes > _peakRss) Volatile.Write(ref _peakRss, usage.RssBytes);
        if (usage.Cpu.Ticks > _cpuTicks) Volatile.Write(ref _cpuTicks, usage.Cpu.Ticks);
        if (_limits.MemoryBytes is { } memory && usage.RssBytes > memory)
            _exceeded.TrySetResult($"memory limit of {Quantity.Bytes(memory)} exceeded: the process tree held {Quantity.Bytes(usage.RssBytes)}");
        else if (_limits.CpuTime is { } cpu && Cpu > cpu)
            _exceeded.TrySetResult(CpuMessage(cpu, Cpu));
    }

    private static string CpuMessage(TimeSpan limit, TimeSpan used) =>
        $"CPU time limit of {Quantity.Seconds(limit)} exceeded: the process tree used {Quantity.Seconds(used)}";
}
