using System.Text.Json;
using Skep.Agents.Queries;
using Skep.Coding.Agents;
using Skep.Coding.Git;
using Skep.Coding.Merging;
using Skep.Coding.Tests.Git;
using Skep.Coding.Worktrees;
using Skep.Orchestration;
using Skep.Plans;
using Skep.Storage;

namespace Skep.Coding.Tests.Agents;

/// <summary>A repository with a host whose coding agents are a shell script: lines of a prompt that begin with DO are what it does.</summary>
internal sealed class CodingRig : IAsyncDisposable
{
    public const string Secret = "secret-that-nobody-may-see";
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly string _outside = Directory.CreateTempSubdirectory("skep-fake-").FullName;
    private readonly Dictionary<string, string> _host;

    private CodingRig(string root, GitRepository git)
    {
        (Root, Git) = (root, git);
        _host = HostVariables(_outside);
        Folder = SkepFolder.Create(root);
        Host = SkepHost.Open(Folder, Options);
    }

    public string Root { get; }

    public GitRepository Git { get; }

    public SkepFolder Folder { get; }

    public SkepHost Host { get; private set; }

    public string Log => Path.Combine(_outside, "log");

    /// <summary>Variables of the host, as the executor sees them.</summary>
    public IDictionary<string, string> Variables => _host;

    public string[] Calls => File.ReadAllLines(Log + ".calls");

    public string Prompts => File.ReadAllText(Log + ".prompts");

    public SessionStore Sessions => new(Host.Store, TimeProvider.System);

    public IReadOnlyList<MergeRow> Entries => new MergeStore(Host.Store, TimeProvider.System).List("run-1");

    public IReadOnlyList<WorktreeRow> Worktrees => new WorktreeStore(Host.Store, TimeProvider.System).List("run-1");

    private SkepHostOptions Options => OptionsFor(_host);

    private static Dictionary<string, string> HostVariables(string outside) => new()
    {
        ["PATH"] = Environment.GetEnvironmentVariable("PATH")!, ["HOME"] = outside, ["FAKE_LOG"] = Path.Combine(outside, "log"), ["FAKE_SECRET"] = Secret, ["FAKE_HIDDEN"] = "hidden",
    };

    private static SkepHostOptions OptionsFor(IReadOnlyDictionary<string, string> variables) => new()
    {
        Command = new CommandExecutorOptions { HostEnvironment = () => variables },
        Extensions = [new CodingExtension(new CodingExtensionOptions { Command = new CommandExecutorOptions { HostEnvironment = () => variables }, RetryWait = TimeSpan.FromMilliseconds(50) })],
    };

    /// <summary>The process that a test kills: begins a run and waits for its end.</summary>
    public static async Task<int> LiveAsync(string root, string outside, string op)
    {
        await using var host = SkepHost.Open(SkepFolder.Create(root), OptionsFor(HostVariables(outside)));
        var yaml = await File.ReadAllTextAsync(Path.Combine(outside, "plan.yaml"));
        var run = await host.StartAsync(new RunRequest { RunId = "run-1", Plan = PlanReader.Read(yaml).Plan!, PlanText = yaml, PlanDirectory = root, Workspace = root });
        if (op.Length > 0)
        {
            await Eventually(() => File.Exists(Path.Combine(outside, "log.started")));
            await File.WriteAllTextAsync(Path.Combine(outside, "log.asked"), await AskAsync(host, op, null, "run-1/a/1"));
        }

        await run.Completion;
        return 0;
    }

    /// <summary>Lets another process begin a run, and kills that process, but not what it has started, when the condition holds.</summary>
    public async Task KillAsync(string yaml, Func<bool> when, string op = "")
    {
        await Host.DisposeAsync();
        await File.WriteAllTextAsync(Path.Combine(_outside, "plan.yaml"), yaml);
        using (var process = System.Diagnostics.Process.Start("dotnet", [typeof(CodingRig).Assembly.Location, "agents", Root, _outside, op]))
        {
            await Eventually(() => when() || process.HasExited);
            Assert.False(process.HasExited);
            process.Kill(entireProcessTree: false);
            await process.WaitForExitAsync();
        }

        Host = SkepHost.Open(Folder, Options);
    }

    public static async Task<CodingRig> CreateAsync()
    {
        var root = Directory.CreateTempSubdirectory("skep-coding-").FullName;
        await Sandbox.RawAsync(root, "init", "--quiet", "--initial-branch=main");
        var git = await GitRepository.OpenAsync(root);
        var rig = new CodingRig(git.Root, git);
        Sandbox.WriteIn(root, "file", "one\n");
        await Sandbox.RawAsync(root, "add", ".");
        await Sandbox.RawAsync(root, "commit", "-qm", "base");
        var script = Path.Combine(rig._outside, "fake-cli.sh");
        File.Copy(Path.Combine(AppContext.BaseDirectory, "Agents", "fake-cli.sh"), script);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Sandbox.WriteIn(rig.Folder.Root, "adapters/fake.yaml", $$"""
            program: {{script}}
            start: [start, "{session}"]
            resume: [resume, "{session}"]
            model: [--model, "{model}"]
            permission: [--mode, "{mode}"]
            stream: stream-json
            env: [FAKE_LOG]
            secrets: [FAKE_SECRET]
            """);
        return rig;
    }

    public static string Plan(string tasks, string merge = "merge: { into: main, method: merge }", string agent = "") => $$"""
        plan: p
        swarm: { lease: 5s, {{merge}} }
        agents:
          coder: { executor: coding-cli, uses: fake {{agent}} }
        tasks:
        {{tasks}}
        """;

    public async Task<RunHandle> StartAsync(string yaml, params IRunObserver[] observers)
    {
        var result = PlanReader.Read(yaml);
        Assert.True(result.Plan is not null, string.Join("\n", result.Diagnostics.Select(d => d.Format("plan"))));
        return await Host.StartAsync(new RunRequest { RunId = "run-1", Plan = result.Plan!, PlanText = yaml, PlanDirectory = Root, Workspace = Root }, observers);
    }

    public async Task<RunState> RunAsync(string yaml)
    {
        var run = await StartAsync(yaml);
        await run.Completion.WaitAsync(Patience);
        return State();
    }

    public QueryStore Queries => new(Host.Store, TimeProvider.System);

    public QueryState Query(string id = "run-1/a/1") => Queries.Load(id);

    /// <summary>Asks something of a query, as another process would.</summary>
    public Task<string> ControlAsync(string op, string? argument = null, string query = "run-1/a/1") => AskAsync(Host, op, argument, query);

    /// <summary>Takes a submission back, as another process would.</summary>
    public async Task<string> WithdrawAsync(string key)
    {
        var args = JsonSerializer.SerializeToElement(new Dictionary<string, string?> { ["key"] = key });
        var response = await Host.AnswerAsync(new ControlRequest { Op = "merge.withdraw", Args = args, By = "ann", Id = Guid.NewGuid().ToString() });
        return response.Ok ? response.Result!.Value.GetProperty("outcome").GetString()! : response.Error!;
    }

    private static async Task<string> AskAsync(SkepHost host, string op, string? argument, string query)
    {
        var args = JsonSerializer.SerializeToElement(new Dictionary<string, string?> { ["query"] = query, ["argument"] = argument });
        var response = await host.AnswerAsync(new ControlRequest { Op = "query." + op, Args = args, By = "ann", Id = Guid.NewGuid().ToString() });
        return response.Ok ? response.Result!.Value.GetProperty("outcome").GetString()! : response.Error!;
    }

    public RunState State() => RunReader.Load(Host.Store, Host.Blobs, "run-1");

    public NodeState Node(string key) => State().Nodes.First(n => n.Key == key);

    public Task<string> ShowAsync(string commit, string path) => Sandbox.RawAsync(Root, "show", $"{commit}:{path}");

    /// <summary>Ends the process, as it were, and begins a new one on the same folder.</summary>
    public async Task RestartAsync()
    {
        await Host.DisposeAsync();
        Host = SkepHost.Open(Folder, Options);
    }

    /// <summary>Waits for what a script has done, by looking at the file system.</summary>
    public static async Task Eventually(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!condition()) await Task.Delay(10, patience.Token);
    }

    /// <summary>Whether a process has ended; it may not be buried yet, which is up to its parent.</summary>
    public static bool IsGone(string pid)
    {
        try
        {
            return StateOf(pid) is 'Z' or 'X';
        }
        catch (IOException)
        {
            return true;
        }
    }

    /// <summary>Whether a process stands still: stopped, or (D) a shell that waits for a child which was stopped between vfork and exec.</summary>
    public static bool StandsStill(string pid) => StateOf(pid) is 'T' or 'D';

    private static char StateOf(string pid) => File.ReadAllText($"/proc/{pid}/stat").Split(") ")[^1][0];

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        Directory.Delete(Root, recursive: true);
        Directory.Delete(_outside, recursive: true);
    }
}
