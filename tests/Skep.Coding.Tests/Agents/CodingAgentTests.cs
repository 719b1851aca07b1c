using Skep.Coding.Merging;
using Skep.Coding.Tests.Git;
using Skep.Orchestration;
using TaskStatus = Skep.Orchestration.TaskStatus;

namespace Skep.Coding.Tests.Agents;

public sealed class CodingAgentTests : IAsyncLifetime
{
    private CodingRig _rig = null!;

    public async Task InitializeAsync() => _rig = await CodingRig.CreateAsync();

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    private static string Task(string id, string keys, params string[] does) =>
        $"  - id: {id}\n    agent: coder\n{(keys.Length > 0 ? $"    {keys}\n" : "")}    prompt: |\n{string.Concat(does.Select(d => $"      DO {d}\n"))}";

    [Fact]
    public async Task Two_agents_beside_each_other_land_their_edits_and_their_worktrees_are_removed()
    {
        const string meet = "touch $FAKE_LOG.$SKEP_TASK_ID; while [ ! -f $FAKE_LOG.a ] || [ ! -f $FAKE_LOG.b ]; do sleep 0.02; done";
        var state = await _rig.RunAsync(CodingRig.Plan(Task("a", "", meet, "echo from-a > new-a") + Task("b", "", meet, "echo from-b > new-b", "answer='all good'")));

        Assert.Equal(RunStatus.Succeeded, state.Status);
        Assert.Equal(("from-a", "from-b"), (await _rig.ShowAsync("main", "new-a"), await _rig.ShowAsync("main", "new-b")));
        Assert.True(File.Exists(Path.Combine(_rig.Root, "new-a")));
        Assert.Empty(_rig.Worktrees);
        var node = _rig.Node("b");
        Assert.Equal(("all good", "30", "0.25", "skep/run-1/b/1"), (node.Outputs["answer"], node.Outputs["tokens"], node.Outputs["cost_usd"], node.Outputs["branch"]));
        Assert.True(await _rig.Git.IsAncestorAsync(node.Outputs["landed"], (await _rig.Git.TipAsync("main", default))!, default));
        Assert.Equal(new AttemptUsage(30, 0.25, 2), node.Attempts[0].Usage);
        Assert.Equal(_rig.Sessions.Find("run-1", "b", 1)!.Session, node.Outputs["session"]);
    }

    [Fact]
    public async Task A_conflict_is_handed_back_and_the_second_attempt_is_told_and_resolves_it()
    {
        const string meet = "touch $FAKE_LOG.$SKEP_TASK_ID; while [ ! -f $FAKE_LOG.a ] || [ ! -f $FAKE_LOG.b ]; do sleep 0.02; done";
        const string retry = "retry: { attempts: 2, backoff: 1ms }";
        var state = await _rig.RunAsync(CodingRig.Plan(Task("a", retry, meet, "echo a >> file") + Task("b", retry, meet, "echo b >> file")));

        Assert.Equal(RunStatus.Succeeded, state.Status);
        Assert.Equal(["a", "b", "one"], (await _rig.ShowAsync("main", "file")).Split('\n').Order());
        var twice = Assert.Single(_rig.State().Nodes, n => n.Attempts.Count == 2);
        var error = twice.Attempts[0].Result!.Error!;
        Assert.Contains("(conflict): file", error, StringComparison.Ordinal);
        var back = Assert.Single(_rig.Entries, e => e.Status == EntryStatus.HandedBack);
        Assert.Contains(back.Commit, error, StringComparison.Ordinal);
        Assert.Contains("git diff", _rig.Prompts, StringComparison.Ordinal);
        Assert.Contains(back.Commit, _rig.Prompts, StringComparison.Ordinal);
        // What was handed back is still there.
        Assert.Equal(back.Commit, await _rig.Git.TipAsync(back.Branch, default));
    }

    [Fact]
    public async Task A_failed_check_fails_the_attempt_with_what_the_check_said()
    {
        var plan = CodingRig.Plan(
            Task("a", "retry: { attempts: 2, backoff: 1ms }", "if [ $SKEP_ATTEMPT = 1 ]; then echo x > bad; else echo x > good; fi"),
            "merge: { into: main, check: 'test ! -e bad || { echo there is a bad file; exit 3; }', shell: true }");
        var state = await _rig.RunAsync(plan);

        Assert.Equal(RunStatus.Succeeded, state.Status);
        var first = _rig.Node("a").Attempts[0].Result!;
        Assert.Contains("there is a bad file", first.Error!, StringComparison.Ordinal);
        Assert.Contains("ended with 3", first.Evidence!, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(_rig.Root, "good")));
        Assert.False(File.Exists(Path.Combine(_rig.Root, "bad")));
    }

    [Fact]
    public async Task Without_a_queue_the_work_stays_on_its_branch()
    {
        await _rig.RunAsync(CodingRig.Plan(Task("a", "", "echo x > new"), "on_failure: continue"));
        var node = _rig.Node("a");
        Assert.Equal("x", await _rig.ShowAsync(node.Outputs["branch"], "new"));
        Assert.Equal(node.Outputs["commit"], await _rig.Git.TipAsync(node.Outputs["branch"], default));
        Assert.False(File.Exists(Path.Combine(_rig.Root, "new")));
        Assert.DoesNotContain("landed", node.Outputs.Keys);
    }

    [Fact]
    public async Task An_agent_that_changes_nothing_succeeds_without_a_commit()
    {
        var state = await _rig.RunAsync(CodingRig.Plan(Task("a", "", "true")));
        Assert.Equal(RunStatus.Succeeded, state.Status);
        Assert.Equal(("done", false), (_rig.Node("a").Outputs["answer"], _rig.Node("a").Outputs.ContainsKey("commit")));
        Assert.Empty(_rig.Worktrees);
        Assert.Empty(_rig.Entries);
    }

    [Theory]
    [InlineData("result error_during_execution true 'no more credit'; failed=1", "no more credit")]
    [InlineData("failed=1; exit 7", "exited with code 7")]
    [InlineData("failed=1", "without a result")]
    public async Task A_failure_is_told_in_the_words_of_the_cli_and_its_work_is_kept(string does, string said)
    {
        var state = await _rig.RunAsync(CodingRig.Plan(Task("a", "", "echo x > new", does)));
        Assert.Equal(RunStatus.Failed, state.Status);
        Assert.Contains(said, _rig.Node("a").Attempts[0].Result!.Error!, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(Assert.Single(_rig.Worktrees).Worktree.Path, "new")));
    }

    [Fact]
    public async Task What_the_agent_says_is_logged_without_secrets_and_lines_that_are_no_events_are_not_fatal()
    {
        await _rig.RunAsync(CodingRig.Plan(Task("a", "", "echo on-stderr >&2", "echo \"$FAKE_HIDDEN\"")));
        var log = await File.ReadAllTextAsync(Path.Combine(_rig.Folder.RunPath("run-1"), "logs", "a.1.log"));
        Assert.Contains("key ***", log, StringComparison.Ordinal);
        Assert.DoesNotContain(CodingRig.Secret, log, StringComparison.Ordinal);
        Assert.Contains("→ Edit", log, StringComparison.Ordinal);
        Assert.Contains("(not an event) this is no event", log, StringComparison.Ordinal);
        Assert.Contains("on-stderr", log, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_paused_agent_stands_still_until_it_is_continued()
    {
        // It waits without starting anything: a shell that starts a program looks for a moment as if it stood still.
        var run = await _rig.StartAsync(CodingRig.Plan(Task("a", "", "echo $$ > $FAKE_LOG.pid; mv $FAKE_LOG.pid $FAKE_LOG.started; while [ ! -f $FAKE_LOG.go ]; do :; done", "echo x > new")));
        await CodingRig.Eventually(() => File.Exists(_rig.Log + ".started"));
        var pid = (await File.ReadAllTextAsync(_rig.Log + ".started")).Trim();
        Assert.Null(await run.AskAsync(new PauseTask("a", "ann")));
        await CodingRig.Eventually(() => CodingRig.StandsStill(pid));
        await File.WriteAllTextAsync(_rig.Log + ".go", "");
        Assert.True(CodingRig.StandsStill(pid));
        Assert.Null(await run.AskAsync(new ContinueTask("a", "ann")));
        Assert.Equal(RunStatus.Succeeded, await run.Completion.WaitAsync(CodingRig.Patience));
        Assert.True(File.Exists(Path.Combine(_rig.Root, "new")));
    }

    [Fact]
    public async Task A_cancelled_agent_is_ended_with_all_that_it_started_and_its_work_is_kept()
    {
        var run = await _rig.StartAsync(CodingRig.Plan(Task("a", "", "echo x > new; sleep 1000 & echo $! > $FAKE_LOG.pid; mv $FAKE_LOG.pid $FAKE_LOG.started; wait")));
        await CodingRig.Eventually(() => File.Exists(_rig.Log + ".started"));
        var pid = (await File.ReadAllTextAsync(_rig.Log + ".started")).Trim();
        Assert.Null(await run.AskAsync(new CancelTask("a", "ann")));
        await run.Completion.WaitAsync(CodingRig.Patience);
        Assert.Equal(TaskStatus.Cancelled, _rig.Node("a").Status);
        // Dead, if not buried yet: that is up to the system's first process.
        Assert.True(CodingRig.IsGone(pid));
        Assert.True(File.Exists(Path.Combine(Assert.Single(_rig.Worktrees).Worktree.Path, "new")));
    }

    [Fact]
    public async Task An_agent_whose_host_ends_goes_on_in_its_worktree_with_its_session()
    {
        await _rig.StartAsync(CodingRig.Plan(Task("a", "", "echo x >> new; touch $FAKE_LOG.started; while [ ! -f $FAKE_LOG.go ]; do sleep 0.02; done")));
        await CodingRig.Eventually(() => File.Exists(_rig.Log + ".started") && _rig.Query().CliTokens == 15);
        await _rig.RestartAsync();
        await File.WriteAllTextAsync(_rig.Log + ".go", "");
        var run = await _rig.Host.ResumeAsync("run-1", default);
        Assert.Equal(RunStatus.Succeeded, await run.Completion.WaitAsync(CodingRig.Patience));
        var session = _rig.Node("a").Outputs["session"];
        Assert.Equal([$"start {session} --mode default", $"resume {session} --mode default"], _rig.Calls);
        Assert.Equal("x\nx", await _rig.ShowAsync("main", "new"));
        // What both lives have used: 15 tokens were told before the first ended, 30 by the second.
        Assert.Equal("45", _rig.Node("a").Outputs["tokens"]);
        Assert.Single(_rig.Node("a").Attempts);
    }

    [Fact]
    public async Task A_killed_host_leaves_an_agent_behind_that_is_ended_and_its_attempt_goes_on()
    {
        var plan = CodingRig.Plan(Task("a", "", "echo x >> new; if [ ! -f $FAKE_LOG.go ]; then echo $$ > $FAKE_LOG.pid; mv $FAKE_LOG.pid $FAKE_LOG.started; sleep 1000; fi"));
        await _rig.KillAsync(plan, () => File.Exists(_rig.Log + ".started"));
        var pid = (await File.ReadAllTextAsync(_rig.Log + ".started")).Trim();
        Assert.False(CodingRig.IsGone(pid));
        await File.WriteAllTextAsync(_rig.Log + ".go", "");
        var run = await _rig.Host.ResumeAsync("run-1", default);
        Assert.Equal(RunStatus.Succeeded, await run.Completion.WaitAsync(CodingRig.Patience));
        Assert.True(CodingRig.IsGone(pid));
        Assert.Equal("x\nx", await _rig.ShowAsync("main", "new"));
        Assert.Equal(2, _rig.Calls.Length);
        Assert.Empty(_rig.Worktrees);
    }

    [Fact]
    public async Task What_has_landed_before_a_crash_is_recognised_and_not_done_twice()
    {
        var plan = CodingRig.Plan(
            Task("a", "", "echo x >> new"), "merge: { into: main, check: 'touch \"$SKEP_DIR/checking\"; while [ ! -f \"$SKEP_DIR/go\" ]; do sleep 0.02; done', shell: true }");
        await _rig.StartAsync(plan);
        await CodingRig.Eventually(() => File.Exists(Path.Combine(_rig.Folder.Root, "checking")));
        await _rig.RestartAsync();
        await File.WriteAllTextAsync(Path.Combine(_rig.Folder.Root, "go"), "");
        var run = await _rig.Host.ResumeAsync("run-1", default);
        Assert.Equal(RunStatus.Succeeded, await run.Completion.WaitAsync(CodingRig.Patience));
        Assert.Single(_rig.Calls);
        Assert.Equal("x", await _rig.ShowAsync("main", "new"));
        Assert.Equal(("done", EntryStatus.Landed), (_rig.Node("a").Outputs["answer"], Assert.Single(_rig.Entries).Status));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_submission_is_withdrawn_by_name_or_with_its_task_and_its_work_is_kept(bool cancels)
    {
        var run = await _rig.StartAsync(CodingRig.Plan(
            Task("a", "", "echo x >> new"), "on_failure: continue, merge: { into: main, check: 'touch \"$SKEP_DIR/checking\"; sleep 1000', shell: true }"));
        await CodingRig.Eventually(() => File.Exists(Path.Combine(_rig.Folder.Root, "checking")));
        if (cancels) Assert.Null(await run.AskAsync(new CancelTask("a", "ann")));
        else Assert.Equal("withdrawn", await _rig.WithdrawAsync("run-1/a/1"));
        await run.Completion.WaitAsync(CodingRig.Patience);
        Assert.Equal(cancels ? TaskStatus.Cancelled : TaskStatus.Failed, _rig.Node("a").Status);
        if (!cancels) Assert.Contains("was withdrawn by ann; the work is kept on branch 'skep/run-1/a/1'", _rig.Node("a").Attempts[0].Result!.Error!, StringComparison.Ordinal);
        var entry = Assert.Single(_rig.Entries);
        Assert.Equal((EntryStatus.Withdrawn, entry.Commit), (entry.Status, await _rig.Git.TipAsync("skep/run-1/a/1", default)));
        Assert.True(File.Exists(Path.Combine(Assert.Single(_rig.Worktrees).Worktree.Path, "new")));
        Assert.False(File.Exists(Path.Combine(_rig.Root, "new")));
        // Again, now that nobody works on the queue.
        Assert.Equal("withdrawn", await _rig.WithdrawAsync("run-1/a/1"));
        Assert.Contains("has submitted nothing", await _rig.WithdrawAsync("run-1/b/1"), StringComparison.Ordinal);
        Assert.Single(new MergeStore(_rig.Host.Store, TimeProvider.System).Read("run-1", "main"), e => e.Event is EntryWithdrawn);
    }

    [Fact]
    public async Task Two_agents_that_own_the_same_files_at_run_time_work_one_after_the_other()
    {
        // Named by an expression, which the check of the plan leaves to the run.
        const string owns = "owns: [\"${run.id}.txt\"]";
        const string work = "test ! -f $FAKE_LOG.busy && touch $FAKE_LOG.busy && sleep 0.2; echo $SKEP_TASK_ID >> run-1.txt; rm $FAKE_LOG.busy";
        var state = await _rig.RunAsync(CodingRig.Plan(Task("a", owns, work) + Task("b", owns, work)));
        Assert.Equal(RunStatus.Succeeded, state.Status);
        // The second has begun at what the first has landed: no conflict, no second attempt.
        Assert.Equal(["a", "b"], (await _rig.ShowAsync("main", "run-1.txt")).Split('\n').Order());
        Assert.All(new[] { "a", "b" }, key => Assert.Single(_rig.Node(key).Attempts));
        Assert.Contains(new[] { "a", "b" }, key => _rig.Node(key).Attempts[0].Suspended > TimeSpan.Zero);
    }

    [Fact]
    public async Task Files_outside_of_what_an_agent_owns_are_handed_back_and_the_next_attempt_is_told()
    {
        const string owns = "owns: [\"src/**\"]\n    retry: { attempts: 2, backoff: 1ms }";
        var state = await _rig.RunAsync(CodingRig.Plan(Task("a", owns, "mkdir -p src; echo x > src/new; if [ $SKEP_ATTEMPT = 1 ]; then echo y > elsewhere; fi")));
        Assert.Equal(RunStatus.Succeeded, state.Status);
        var first = _rig.Node("a").Attempts[0].Result!;
        Assert.Contains("handed back: changed files that are not its own: elsewhere; the work is kept on 'skep/run-1/a/1'", first.Error!, StringComparison.Ordinal);
        Assert.Contains("elsewhere: no glob of its 'owns' fits", first.Evidence!, StringComparison.Ordinal);
        Assert.Contains("change only files that are yours: src/**", _rig.Prompts, StringComparison.Ordinal);
        Assert.Single(_rig.Entries);
        Assert.False(File.Exists(Path.Combine(_rig.Root, "elsewhere")));
        Assert.Equal("x", await _rig.ShowAsync("main", "src/new"));
    }

    [Fact]
    public async Task A_missing_adapter_program_target_or_repository_is_told_and_not_tried_again()
    {
        Sandbox.WriteIn(_rig.Folder.Root, "adapters/gone.yaml", "program: no-such-program-anywhere\ninstall: make gone\n");
        Sandbox.WriteIn(_rig.Folder.Root, "adapters/odd.yaml", "program: x\nstrat: [a]\n");
        var tasks = string.Concat(new[] { "gone", "odd", "none" }.Select(n => $"  - {{ id: {n}, agent: {n}, prompt: x }}\n"));
        var state = await _rig.RunAsync($"plan: p\nagents:\n  gone: {{ executor: coding-cli, uses: gone }}\n  odd: {{ executor: coding-cli, uses: odd }}\n  none: {{ executor: coding-cli, uses: none }}\ntasks:\n{tasks}");
        Assert.Equal(RunStatus.Failed, state.Status);
        string Error(string key) => _rig.Node(key).Attempts.Single().Result!.Error!;
        Assert.Contains("install it (make gone)", Error("gone"), StringComparison.Ordinal);
        Assert.Contains("line 2: unknown key 'strat'", Error("odd"), StringComparison.Ordinal);
        Assert.Contains("there is no adapter 'none'", Error("none"), StringComparison.Ordinal);
    }
}
