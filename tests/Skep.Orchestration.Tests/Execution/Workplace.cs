using System.Security.Cryptography;
using Skep.Orchestration.Processes;
using Skep.Plans;

namespace Skep.Orchestration.Tests.Execution;

/// <summary>A temporary run folder with an executor; stands in for the queen.</summary>
internal sealed class Workplace : IDisposable
{
    /// <summary>Long enough for any machine; it ends a test that would hang, and says what it waited for.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private static int s_count;

    public Workplace(CommandExecutorOptions? options = null)
    {
        Directory.CreateDirectory(Work);
        Executor = new CommandExecutor(Store, (options ?? new CommandExecutorOptions()) with { HostEnvironment = () => Host });
    }

    public string Root { get; } = Directory.CreateTempSubdirectory("skep-exec-").FullName;

    public string Run => Path.Combine(Root, "run");

    public string Work => Path.Combine(Run, "work");

    public string RunId { get; } = $"test-{Environment.ProcessId}-{Interlocked.Increment(ref s_count)}";

    public Dictionary<string, string> Host { get; } = new(StringComparer.Ordinal) { ["PATH"] = "/usr/local/bin:/usr/bin:/bin" };

    public HashingStore Store { get; } = new();

    public CommandExecutor Executor { get; }

    public RecordingContext Context { get; } = new();

    public AttemptRequest Request(params string[] argv) => new()
    {
        RunId = RunId,
        TaskId = "build",
        Phase = "main",
        Attempt = 1,
        AgentName = "worker-1",
        Agent = AgentSpec.Implicit,
        Argv = argv,
        WorkingDirectory = Work,
        Workspace = Root,
        RunDirectory = Run,
        SkepDirectory = Root,
        PlanDirectory = Root,
    };

    public AttemptRequest Script(string script) => Request() with { Script = script };

    public Task<AttemptResult> ExecuteAsync(AttemptRequest request, CancellationToken cancel = default) =>
        Executor.ExecuteAsync(request, Context, cancel).WaitAsync(Patience, CancellationToken.None);

    public Task<AttemptResult> ShellAsync(string script) => ExecuteAsync(Script(script));

    public string PathOf(string name) => Path.Combine(Work, name);

    /// <summary>Process ids that a script wrote to a file, one a line.</summary>
    public int[] Pids(string file) => [.. File.ReadAllLines(PathOf(file)).Select(int.Parse)];

    public static bool IsAlive(int pid) => ProcFs.Stat(pid) is { IsDead: false };

    /// <summary>Waits for the kernel to do what it was told, such as stopping a process.</summary>
    public static async Task Eventually(Func<bool> condition, string what)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!condition())
        {
            Assert.False(patience.IsCancellationRequested, $"waited in vain for {what}");
            await Task.Delay(5, CancellationToken.None);
        }
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}

/// <summary>Remembers what an executor told.</summary>
internal sealed class RecordingContext : IAttemptContext
{
    private readonly Lock _gate = new();
    private readonly List<string> _lines = [];
    private readonly List<(string Text, TaskCompletionSource Seen)> _awaited = [];
    private int _heartbeats;

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public int Heartbeats => Volatile.Read(ref _heartbeats);

    public Action<bool>? Suspend { get; private set; }

    public string[] Lines
    {
        get
        {
            lock (_gate) return [.. _lines];
        }
    }

    public void Heartbeat() => Interlocked.Increment(ref _heartbeats);

    public void OnSuspend(Action<bool> handler) => Suspend = handler;

    public void Progress(string line)
    {
        lock (_gate)
        {
            _lines.Add(line);
            foreach (var (text, seen) in _awaited)
                if (line == text) seen.TrySetResult();
        }
    }

    /// <summary>Completes when a line was reported as progress.</summary>
    public Task Saw(string line)
    {
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _awaited.Add((line, seen));
            if (_lines.Contains(line)) seen.TrySetResult();
        }

        return seen.Task.WaitAsync(Workplace.Patience);
    }
}

/// <summary>An artifact store that keeps the content in memory.</summary>
internal sealed class HashingStore : IArtifactStore
{
    public Dictionary<string, byte[]> Files { get; } = new(StringComparer.Ordinal);

    public async Task<Artifact> PutAsync(string name, string path, CancellationToken cancel)
    {
        var bytes = await File.ReadAllBytesAsync(path, cancel);
        Files[name] = bytes;
        return new Artifact(name, Convert.ToHexStringLower(SHA256.HashData(bytes)), bytes.Length);
    }
}
