using System.Text;
using System.Globalization;
using Skep.Orchestration.Output;
using Skep.Orchestration.Processes;
using Skep.Plans;

namespace Skep.Orchestration.Tests.Execution;

public sealed class CommandExecutorTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [UnixFact]
    public async Task A_command_that_exits_with_0_succeeds_and_leaves_its_output()
    {
        var result = await _place.ExecuteAsync(_place.Request("echo", "hello"));

        Assert.Equal(AttemptOutcome.Succeeded, result.Outcome);
        Assert.Equal(0, result.ExitCode);
        Assert.Equal("hello\n", result.LogTail);
        Assert.Equal("logs/build.1.log", result.LogFile);
        Assert.Equal("hello\n", await File.ReadAllTextAsync(Path.Combine(_place.Run, result.LogFile!)));
        Assert.NotNull(result.CpuMs);
    }

    [UnixFact]
    public async Task A_silent_command_leaves_no_log_file()
    {
        var result = await _place.ExecuteAsync(_place.Request("true"));

        Assert.Equal((AttemptOutcome.Succeeded, "", null), (result.Outcome, result.LogTail, result.LogFile));
        Assert.False(Directory.Exists(Path.Combine(_place.Run, "logs")));
    }

    [UnixFact]
    public async Task Log_and_output_file_are_readable_by_their_owner_only()
    {
        var result = await _place.ShellAsync("ls -l \"$SKEP_OUTPUT\" | cut -c1-10");

        Assert.Equal("-rw-------\n", result.LogTail);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_place.Run, result.LogFile!)));
    }

    [UnixFact]
    public async Task A_failing_command_tells_its_exit_code()
    {
        var result = await _place.ShellAsync("echo broken >&2; exit 3");

        Assert.Equal((AttemptOutcome.Failed, 3, "exited with code 3", true), (result.Outcome, result.ExitCode, result.Error, result.Retryable));
        Assert.Equal("broken\n", result.LogTail);
    }

    [UnixFact]
    public async Task A_command_killed_by_a_signal_tells_which()
    {
        var result = await _place.ShellAsync("kill -SEGV $$");

        Assert.Equal((AttemptOutcome.Failed, null, "killed by signal SIGSEGV"), (result.Outcome, result.ExitCode, result.Error));
    }

    [UnixFact]
    public async Task Stdout_and_stderr_stand_in_the_order_in_which_they_were_written()
    {
        var result = await _place.ShellAsync("for i in 1 2 3 4 5; do echo o$i; echo e$i >&2; done");

        Assert.Equal("o1\ne1\no2\ne2\no3\ne3\no4\ne4\no5\ne5\n", result.LogTail);
    }

    [UnixFact]
    public async Task Arguments_arrive_exactly_as_given()
    {
        string[] hard = ["two words", "it's \"quoted\"", "$HOME;`id`", "a\\b", "", "*", "line\nbreak", "Grüße 🐝"];

        var result = await _place.ExecuteAsync(_place.Request(["printf", "[%s]\n", .. hard]));

        Assert.Equal(string.Concat(hard.Select(a => $"[{a}]\n")), result.LogTail);
    }

    [LinuxFact]
    public async Task The_child_leads_its_own_session_and_process_group()
    {
        var result = await _place.ShellAsync("cat /proc/$$/stat");

        Assert.True(ProcessStat.TryParse(System.Text.Encoding.UTF8.GetBytes(result.LogTail), out var stat));
        Assert.Equal((stat.Pid, stat.Pid), (stat.Group, stat.Session));
        Assert.Equal(Environment.ProcessId, stat.Parent);
    }

    [UnixFact]
    public async Task Standard_input_is_empty_and_signals_have_their_defaults()
    {
        // With SIGPIPE ignored, as .NET leaves it, yes would complain and exit with 1 instead of dying silently.
        var result = await _place.ShellAsync("cat; (yes; echo $? > code) | head -1");

        Assert.Equal("y\n", result.LogTail);
        Assert.Equal("141\n", await File.ReadAllTextAsync(_place.PathOf("code")));
    }

    [UnixFact]
    public async Task No_descriptor_of_the_host_is_inherited()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => _place.ExecuteAsync(_place.Request("ls", "/dev/fd") with { TaskId = $"t{i}" })));

        // 3 is the one that ls reads the folder with.
        if (PosixSpawn.ClosesInherited) Assert.All(results, r => Assert.Equal("0\n1\n2\n3\n", r.LogTail));
        else Assert.All(results, r => Assert.StartsWith("0\n1\n", r.LogTail, StringComparison.Ordinal));
    }

    [UnixFact]
    public async Task Only_allowed_variables_reach_the_child()
    {
        foreach (var name in new[] { "HOME", "LC_ALL", "AWS_KEY", "CI_JOB", "CI_TOKEN", "GITHUB_TOKEN", "SKEP_OTHER", "XDG_RUNTIME_DIR", "FOO", "TOKEN" })
            _place.Host[name] = "host-" + name;
        var request = _place.Request("env") with
        {
            Env = new Dictionary<string, string> { ["FROM_PLAN"] = "x", ["SKEP_RUN_ID"] = "forged" },
            EnvAllow = ["CI_*", "FOO", "NOT_SET"],
            Secrets = ["TOKEN"],
            Item = PlanValue.Of("item 7"),
        };

        var lines = (await _place.ExecuteAsync(request)).LogTail.Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(
            [
                "CI_JOB", "CI_TOKEN", "FOO", "FROM_PLAN", "HOME", "LC_ALL", "PATH",
                "SKEP_AGENT", "SKEP_ATTEMPT", "SKEP_DIR", "SKEP_IDEMPOTENCY_KEY", "SKEP_ITEM", "SKEP_LINEAGE", "SKEP_OUTPUT", "SKEP_PHASE",
                "SKEP_PLAN_DIR", "SKEP_RUN_DIR", "SKEP_RUN_ID", "SKEP_SECRETS", "SKEP_TASK_ID", "SKEP_WORKSPACE", "TOKEN",
            ],
            lines.Select(l => l.Split('=')[0]).Order(StringComparer.Ordinal));
        Assert.Contains($"SKEP_RUN_ID={_place.RunId}", lines);
        Assert.Contains($"SKEP_IDEMPOTENCY_KEY={_place.RunId}/build/1", lines);
        Assert.Contains("SKEP_ITEM=item 7", lines);
        Assert.Contains("TOKEN=***", lines);
    }

    [UnixFact]
    public async Task A_task_inside_a_task_knows_both()
    {
        _place.Host["SKEP_LINEAGE"] = "outer-run/build/2";

        var result = await _place.ExecuteAsync(_place.Request("printenv", "SKEP_LINEAGE"));

        Assert.Equal($"outer-run/build/2\n{_place.Run}::build/1\n", result.LogTail);
    }

    [UnixFact]
    public async Task Children_can_call_skep_by_name()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_place.Root, "bin")).FullName;
        var program = Path.Combine(folder, "skep");
        await File.WriteAllTextAsync(program, "#!/bin/sh\necho \"called $*\"\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var executor = new CommandExecutor(_place.Store, new CommandExecutorOptions { HostEnvironment = () => _place.Host, SkepProgram = program });

        var result = await executor.ExecuteAsync(_place.Script("skep metric recall 0.9; \"$SKEP\" again"), _place.Context, default);

        Assert.Equal("called metric recall 0.9\ncalled again\n", result.LogTail);
    }

    [UnixFact]
    public async Task A_program_that_is_not_there_fails_for_good_and_says_where_it_was_sought()
    {
        var result = await _place.ExecuteAsync(_place.Request("no-such-program"));

        Assert.Equal((AttemptOutcome.Failed, false), (result.Outcome, result.Retryable));
        Assert.Contains("program 'no-such-program' not found in PATH (/usr/local/bin:/usr/bin:/bin)", result.Error, StringComparison.Ordinal);
    }

    [UnixFact]
    public async Task Programs_that_cannot_be_executed_are_told_apart()
    {
        await File.WriteAllTextAsync(_place.PathOf("plain"), "text");
        await File.WriteAllTextAsync(_place.PathOf("orphan"), "#!/no/such/interpreter\n");
        await File.WriteAllTextAsync(_place.PathOf("blank"), "echo hi\n");
        foreach (var name in new[] { "orphan", "blank" })
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(_place.PathOf(name), UnixFileMode.UserRead | UnixFileMode.UserExecute);

        Assert.Contains("is not executable", await Error("./plain"), StringComparison.Ordinal);
        Assert.Contains("is a directory", await Error("/tmp"), StringComparison.Ordinal);
        Assert.Contains("does not exist", await Error("./missing"), StringComparison.Ordinal);
        Assert.Contains("interpreter in its #! line", await Error("./orphan"), StringComparison.Ordinal);
        Assert.Contains("no #! line", await Error("./blank"), StringComparison.Ordinal);
        Assert.Contains("the command is empty", await Error(), StringComparison.Ordinal);
        Assert.Contains("NUL", await Error("echo", "a\0b"), StringComparison.Ordinal);
        Assert.Contains("too large", await Error("echo", new string('x', 4_000_000)), StringComparison.Ordinal);

        async Task<string> Error(params string[] argv) => (await _place.ExecuteAsync(_place.Request(argv))).Error!;
    }

    [UnixFact]
    public async Task A_missing_working_directory_is_named()
    {
        var result = await _place.ExecuteAsync(_place.Request("true") with { WorkingDirectory = "/no/such/folder" });

        Assert.Contains("working directory '/no/such/folder' does not exist", result.Error, StringComparison.Ordinal);
        Assert.False(result.Retryable);
    }

    [UnixFact]
    public async Task Secrets_are_masked_in_log_progress_outputs_and_errors()
    {
        _place.Host["TOKEN"] = "s3cr3t-value";
        var request = _place.Script("printf s3cr3t; sleep 0.05; printf -- '-value\\n'; echo \"out=<$TOKEN>\" >> \"$SKEP_OUTPUT\"") with { Secrets = ["TOKEN"] };

        var result = await _place.ExecuteAsync(request);
        var failed = await _place.ExecuteAsync(request with { Script = null, Argv = ["s3cr3t-value"] });

        Assert.Equal("***\n", result.LogTail);
        Assert.Equal("***\n", await File.ReadAllTextAsync(Path.Combine(_place.Run, result.LogFile!)));
        Assert.Equal("<***>", result.Outputs["out"]);
        Assert.Contains("program '***' not found", failed.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(_place.Context.Lines, l => l.Contains("s3cr3t", StringComparison.Ordinal));
    }

    [UnixFact]
    public async Task A_secret_too_short_to_mask_is_refused()
    {
        _place.Host["PIN"] = "123";

        var result = await _place.ExecuteAsync(_place.Request("echo", "never") with { Secrets = ["PIN"] });

        Assert.Equal((AttemptOutcome.Failed, false, ""), (result.Outcome, result.Retryable, result.LogTail));
        Assert.Contains("'PIN' is shorter than 4 characters", result.Error, StringComparison.Ordinal);
    }

    [UnixFact]
    public async Task Outputs_are_read_from_the_output_file_which_is_deleted_afterwards()
    {
        var result = await _place.ShellAsync("echo 'recall=0.97' >> $SKEP_OUTPUT; printf 'note<<E\\ntwo\\nlines\\nE\\n' >> $SKEP_OUTPUT; echo $SKEP_OUTPUT");

        Assert.Equal("0.97", result.Outputs["recall"]);
        Assert.Equal("two\nlines", result.Outputs["note"]);
        Assert.StartsWith(_place.Run, result.LogTail, StringComparison.Ordinal);
        Assert.False(File.Exists(result.LogTail.TrimEnd()));
    }

    [UnixFact]
    public async Task Malformed_outputs_fail_the_attempt_for_good()
    {
        foreach (var (script, message) in new[]
        {
            ("echo a=1 >> $SKEP_OUTPUT; echo nonsense >> $SKEP_OUTPUT", "SKEP_OUTPUT line 2 'nonsense': expected key=value or key<<END"),
            ("head -c 1100000 /dev/zero > $SKEP_OUTPUT", "larger than 1 MiB"),
            ("printf '\\377=1' > $SKEP_OUTPUT", "is not UTF-8"),
            ("rm $SKEP_OUTPUT; mkfifo $SKEP_OUTPUT", "no plain file"),
            ("rm $SKEP_OUTPUT; mkdir $SKEP_OUTPUT", "no plain file"),
            ("ln -sf /etc/passwd $SKEP_OUTPUT", "replaced by a link"),
        })
        {
            var result = await _place.ShellAsync(script);
            Assert.Equal((AttemptOutcome.Failed, false), (result.Outcome, result.Retryable));
            Assert.Contains(message, result.Error, StringComparison.Ordinal);
        }
    }

    [UnixFact]
    public async Task Large_output_is_bounded_and_its_end_is_kept()
    {
        var request = _place.Script("echo begin; head -c 200000000 /dev/zero | tr '\\0' x; echo; echo end") with { Limits = new AgentLimits(OutputBytes: 1_000_000) };

        var result = await _place.ExecuteAsync(request);

        Assert.Equal(AttemptOutcome.Succeeded, result.Outcome);
        Assert.Equal(AttemptResult.MaxLogTail, result.LogTail.Length);
        Assert.EndsWith("x\nend\n", result.LogTail, StringComparison.Ordinal);
        var log = await File.ReadAllTextAsync(Path.Combine(_place.Run, result.LogFile!));
        Assert.InRange(log.Length, 1_000_000, 1_000_000 + OutputTail.Capacity + 200);
        Assert.StartsWith("begin\nxxx", log, StringComparison.Ordinal);
        Assert.EndsWith("x\nend\n", log, StringComparison.Ordinal);
        var dropped = 200_000_011 - 1_000_000 - OutputTail.Capacity;
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"[skep: {dropped} bytes of output dropped here: the limit is 1000000 bytes"), log, StringComparison.Ordinal);
    }

    [UnixFact]
    public async Task Two_hundred_processes_at_once_all_come_back_with_their_own_exit_codes()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 200).Select(i =>
            _place.ExecuteAsync(_place.Script($"echo $$; exit {i}") with { TaskId = $"t[{i}]" })));

        Assert.Equal(Enumerable.Range(0, 200), results.Select(r => r.ExitCode!.Value));
        Assert.All(results, r => Assert.Null(ProcFs.Stat(int.Parse(r.LogTail, CultureInfo.InvariantCulture))));
        Assert.DoesNotContain(ProcFs.All(), p => p.Parent == Environment.ProcessId && p is { IsDead: true, Name: "sh" });
    }

    [UnixFact]
    public async Task Processes_started_by_the_runtime_keep_their_exit_codes()
    {
        var ours = Task.WhenAll(Enumerable.Range(0, 50).Select(i => _place.ExecuteAsync(_place.Script("exit 5") with { TaskId = $"t{i}" })));
        var theirs = await Task.WhenAll(Enumerable.Range(0, 50).Select(async i =>
        {
            using var process = System.Diagnostics.Process.Start("/bin/sh", ["-c", $"exit {i}"]);
            await process.WaitForExitAsync();
            return process.ExitCode;
        }));

        Assert.Equal(Enumerable.Range(0, 50), theirs);
        Assert.All(await ours, r => Assert.Equal(5, r.ExitCode));
    }

    [UnixFact]
    public async Task Heartbeats_come_while_the_process_lives()
    {
        var time = new FakeTime();
        var context = new RecordingContext { Time = time };
        using var cancel = new CancellationTokenSource();
        var running = _place.Executor.ExecuteAsync(_place.Script("echo ready; exec cat < /dev/zero > /dev/null") with { HeartbeatEvery = TimeSpan.FromSeconds(10) }, context, cancel.Token);
        await context.Saw("ready");
        var first = context.Heartbeats;

        time.Advance(TimeSpan.FromSeconds(30));

        Assert.Equal(1, first);
        Assert.Equal(4, context.Heartbeats);
        await cancel.CancelAsync();
        Assert.Equal(AttemptOutcome.Cancelled, (await running.WaitAsync(Workplace.Patience)).Outcome);
    }

    [UnixFact]
    public async Task A_log_longer_than_its_tail_becomes_an_artifact_and_a_short_one_does_not()
    {
        var result = await _place.ShellAsync("seq 1 5000");
        var artifact = Assert.Single(result.Artifacts);
        Assert.Equal((result.LogFile, 23_893), (artifact.Name, (int)artifact.Bytes));
        Assert.EndsWith("5000\n", Encoding.UTF8.GetString(_place.Store.Files[artifact.Name]));
        Assert.Empty((await _place.ShellAsync("seq 1 10")).Artifacts);
    }

    [UnixFact]
    public async Task The_full_log_of_a_failure_is_kept_too()
    {
        var result = await _place.ShellAsync("seq 1 5000; exit 3");
        Assert.Equal((AttemptOutcome.Failed, 1), (result.Outcome, result.Artifacts.Count));
    }
}
