
namespace Skep.Cli.Tests.Support;

/// <summary>Command lines carried out in this process, against a folder of their own.</summary>
internal sealed class Harness : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("skep-cli-").FullName;

    public Harness() => Directory.CreateDirectory(Project);

    /// <summary>The current directory of the command lines; nothing above it has a .skep folder.</summary>
    public string Project => Path.Combine(_root, "project");

    public ScriptedExecutor Work { get; } = new();

    public ManualSignals Signals { get; } = new();

    public Dictionary<string, string> Environment { get; } = new(StringComparer.Ordinal) { ["PATH"] = System.Environment.GetEnvironmentVariable("PATH") ?? "" };

    public FakeTerminal Terminal { get; set; } = new(false);

    public string Answers { get; set; } = "";

    /// <summary>Runs real commands instead of scripted ones.</summary>
    public bool UseProcesses { get; init; }

    /// <summary>Completes with the exit code when a command line leaves the process at once.</summary>
    public TaskCompletionSource<int> Left { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Standard input as bytes.</summary>
    public byte[] Input { get; set; } = [];

    /// <summary>What the last command line wrote to standard output as bytes.</summary>
    public MemoryStream Bytes { get; private set; } = new();

    /// <summary>What the last command line wrote.</summary>
    public string Out { get; private set; } = "";

    /// <summary>What the last command line wrote to standard error.</summary>
    public string Error { get; private set; } = "";

    public string File(string name, string text)
    {
        var path = Path.Combine(Project, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        System.IO.File.WriteAllText(path, text);
        return path;
    }

    public async Task<int> RunAsync(params string[] args)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var code = await SkepProgram.RunAsync(args, Context(output, error));
        (Out, Error) = (output.ToString(), error.ToString());
        return code;
    }

    public CliContext Context(TextWriter output, TextWriter error) => new()
    {
        Out = TextWriter.Synchronized(output),
        Error = TextWriter.Synchronized(error),
        In = new StringReader(Answers),
        OpenIn = () => new MemoryStream(Input),
        OpenOut = () => Bytes = new MemoryStream(),
        Directory = Project,
        Environment = Environment,
        Terminal = Terminal,
        Signals = Signals,
        RunSuffix = () => "test",
        ExitNow = code =>
        {
            Left.TrySetResult(code);
            throw new InvalidOperationException("a real process would be gone");
        },
        ConfigureHost = options => UseProcesses ? options : options with { Executors = [Work] },
    };

    public SqliteStore Reader() => SqliteStore.OpenReader(SkepFolder.Find(Project)!);

    /// <summary>A second command line beside the first, with signals of its own.</summary>
    internal sealed class Signalled(Harness harness)
    {
        public ManualSignals Signals { get; } = new();

        public StringWriter Error { get; } = new();

        public Task<int> RunAsync(TextWriter output, params string[] args) => SkepProgram.RunAsync(args, harness.Context(output, Error) with { Signals = Signals });
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);
}

internal sealed class FakeTerminal(bool interactive, int width = 80, int height = 24) : ITerminal
{
    public bool OutIsTerminal => interactive;

    public bool InIsTerminal => interactive;

    public (int Width, int Height) Size => (width, height);
}

/// <summary>Signals that a test sends; it can wait until somebody listens.</summary>
internal sealed class ManualSignals : ISignals
{
    private Action<int>? _listener;

    public void Send(int exitCode) => (_listener ?? throw new InvalidOperationException("nobody listens"))(exitCode);

    public IDisposable Subscribe(Action<int> onStop)
    {
        _listener = onStop;
        return new Subscription(this);
    }

    private sealed class Subscription(ManualSignals owner) : IDisposable
    {
        public void Dispose() => owner._listener = null;
    }
}

/// <summary>Stands in for processes: <c>ok</c>, <c>fail</c>, <c>hang</c> (until stopped), <c>once</c> (hangs on the first attempt), <c>stubborn</c> (hangs until released), <c>say NAME=VALUE…</c>.</summary>
internal sealed class ScriptedExecutor : IExecutor
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, TaskCompletionSource> _hanging = new(StringComparer.Ordinal);
    private readonly List<string> _begun = [];

    public string Kind => ExecutorKinds.Command;

    /// <summary>Tasks in the order in which their attempts began.</summary>
    public IReadOnlyList<string> Begun
    {
        get
        {
            lock (_lock) return [.. _begun];
        }
    }

    /// <summary>Lets stubborn tasks end.</summary>
    public TaskCompletionSource Released { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the task hangs.</summary>
    public Task HangsAsync(string task) => Source(task).Task.WaitAsync(TimeSpan.FromSeconds(60));

    public async Task<AttemptResult> ExecuteAsync(AttemptRequest request, IAttemptContext context, CancellationToken cancel)
    {
        lock (_lock) _begun.Add(request.TaskId);
        var program = request.Argv[0];
        if (program == "hang" || (program == "once" && request.Attempt == 1))
        {
            Source(request.TaskId).TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, cancel).ContinueWith(_ => { }, TaskScheduler.Default);
            return new AttemptResult { Outcome = AttemptOutcome.Cancelled, Error = "stopped" };
        }

        if (program == "stubborn")
        {
            Source(request.TaskId).TrySetResult();
            await Released.Task;
        }

        if (program == "fail") return AttemptResult.Failure("it broke") with { LogTail = "line one\nline two\n", ExitCode = 3 };
        return new AttemptResult
        {
            Outcome = AttemptOutcome.Succeeded,
            ExitCode = 0,
            LogTail = $"{request.TaskId} says hello\n",
            Outputs = program == "say" ? request.Argv.Skip(1).Select(a => a.Split('=', 2)).ToDictionary(p => p[0], p => p[1], StringComparer.Ordinal) : [],
        };
    }

    private TaskCompletionSource Source(string task)
    {
        lock (_lock)
        {
            if (_hanging.TryGetValue(task, out var source)) return source;
            return _hanging[task] = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}
