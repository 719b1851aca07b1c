using Skep.Coding.Git;
using Skep.Coding.Merging;
using Skep.Coding.Tests.Git;

namespace Skep.Coding.Tests.Merging;

public sealed class MergeQueueTests : IAsyncLifetime
{
    private static readonly CancellationToken Patience = new CancellationTokenSource(TimeSpan.FromSeconds(120)).Token;

    private Sandbox _box = null!;

    public async Task InitializeAsync() => _box = await Sandbox.CreateAsync();

    public async Task DisposeAsync() => await _box.DisposeAsync();

    [Theory]
    [InlineData(MergeMethod.Merge)]
    [InlineData(MergeMethod.Rebase)]
    public async Task Branches_land_in_order_each_checked_on_top_of_the_one_before(MergeMethod method)
    {
        var seen = new List<string>();
        var check = new FuncCheck(c =>
        {
            seen.Add(string.Join(' ', Directory.GetFiles(c.Path).Select(f => Path.GetFileName(f)!).Where(f => f.StartsWith("new", StringComparison.Ordinal)).Order()));
            return Task.FromResult(new CheckVerdict(true, "fine"));
        });
        var works = new List<BranchWork>();
        for (var i = 1; i <= 3; i++) works.Add(await _box.WorkAsync($"new{i}", dir => Sandbox.WriteIn(dir, $"new{i}", "x")));
        await using var queue = await _box.QueueAsync(check, method);
        foreach (var work in works) await queue.SubmitAsync(work, default);
        foreach (var work in works) Assert.NotNull((await queue.WaitAsync(work.Key, Patience)).Landed);
        Assert.Equal(["new1", "new1 new2", "new1 new2 new3"], seen);
        Assert.True(File.Exists(Path.Combine(_box.Root, "new3")));
        Assert.Equal("", await _box.RunAsync("status", "--porcelain"));
        Assert.All(new MergeStore(_box.Store, TimeProvider.System).List("run"), r => Assert.Equal((EntryStatus.Landed, true), (r.Status, r.Landed is not null)));
    }

    [Fact]
    public async Task A_failed_gate_and_a_conflict_come_back_and_the_rest_lands()
    {
        var bad = await _box.WorkAsync("bad", dir => Sandbox.WriteIn(dir, "bad", "x"));
        var first = await _box.WorkAsync("first", dir => Sandbox.WriteIn(dir, "file", "first\n"));
        var second = await _box.WorkAsync("second", dir => Sandbox.WriteIn(dir, "file", "second\n"));
        var check = new FuncCheck(c => Task.FromResult(new CheckVerdict(!File.Exists(Path.Combine(c.Path, "bad")), "looked for 'bad'")));
        await using var queue = await _box.QueueAsync(check);
        foreach (var work in new[] { bad, first, second }) await queue.SubmitAsync(work, default);
        var back = (await queue.WaitAsync(bad.Key, Patience)).HandedBack!;
        Assert.Equal((HandBackReason.GateFailed, "looked for 'bad'"), (back.Reason, back.Text));
        // The candidate that failed is still there to be looked at.
        Assert.Equal("x", await _box.ShowAsync(back.Candidate!, "bad"));
        Assert.NotNull((await queue.WaitAsync(first.Key, Patience)).Landed);
        var conflict = (await queue.WaitAsync(second.Key, Patience)).HandedBack!;
        Assert.Equal((HandBackReason.Conflict, "file"), (conflict.Reason, conflict.Conflict!.Paths[0].Path));
        Assert.Equal(second.Commit, conflict.Conflict.At);
        Assert.Contains(conflict.Conflict.TargetCommits, c => c.Id == first.Commit);
        Assert.False(File.Exists(Path.Combine(_box.Root, "bad")));
    }

    [Fact]
    public async Task A_target_that_moves_while_a_candidate_is_checked_gets_another_candidate()
    {
        var work = await _box.WorkAsync("work", dir => Sandbox.WriteIn(dir, "new", "x"));
        var checks = 0;
        var check = new FuncCheck(async _ =>
        {
            if (++checks == 1) await _box.CommitOnMainAsync(dir => Sandbox.WriteIn(dir, "other", "o"));
            return new CheckVerdict(true, "fine");
        });
        var events = new List<MergeEvent>();
        await using var queue = await _box.QueueAsync(check, observer: events.Add);
        await queue.SubmitAsync(work, default);
        var landed = (await queue.WaitAsync(work.Key, Patience)).Landed!;
        Assert.Equal(2, checks);
        Assert.Single(events.OfType<TargetMoved>());
        Assert.Equal(("x", "o"), (await _box.ShowAsync(landed.Commit, "new"), await _box.ShowAsync(landed.Commit, "other")));
    }

    [Fact]
    public async Task A_checkout_with_changes_holds_the_landing_until_it_is_clean()
    {
        var work = await _box.WorkAsync("work", dir => Sandbox.WriteIn(dir, "new", "x"));
        _box.Write("file", "mine\n");
        var held = new TaskCompletionSource<string>();
        await using var queue = await _box.QueueAsync(FuncCheck.Pass, observer: e =>
        {
            if (e is EntryHeld h) held.TrySetResult(h.Why);
        });
        await queue.SubmitAsync(work, default);
        Assert.Contains("not committed", await held.Task.WaitAsync(Patience), StringComparison.Ordinal);
        Assert.Equal("mine\n", await File.ReadAllTextAsync(Path.Combine(_box.Root, "file")));
        await _box.RunAsync("checkout", "-q", "--", "file");
        queue.Poke();
        Assert.NotNull((await queue.WaitAsync(work.Key, Patience)).Landed);
    }

    [Fact]
    public async Task A_queue_that_is_opened_again_goes_on_and_checks_again_what_was_being_checked()
    {
        var work = await _box.WorkAsync("work", dir => Sandbox.WriteIn(dir, "new", "x"));
        var begun = new TaskCompletionSource();
        var first = await _box.QueueAsync(new CancelledCheck(begun));
        await first.SubmitAsync(work, default);
        await begun.Task.WaitAsync(Patience);
        await first.DisposeAsync();
        await using var second = await _box.QueueAsync(FuncCheck.Pass);
        await second.SubmitAsync(work, default);
        var entry = await second.WaitAsync(work.Key, Patience);
        Assert.NotNull(entry.Landed);
        Assert.Equal((2, 1), (entry.Checks, entry.InterruptedChecks));
        Assert.Empty(Directory.GetDirectories(Path.Combine(_box.Folder.RunPath("run"), "candidates", "main")));
    }

    [Fact]
    public async Task A_check_that_throws_is_tried_again()
    {
        var work = await _box.WorkAsync("work", dir => Sandbox.WriteIn(dir, "new", "x"));
        var tries = 0;
        await using var queue = await _box.QueueAsync(new FuncCheck(_ => ++tries < 3 ? throw new IOException("no disk") : Task.FromResult(new CheckVerdict(true, "fine"))));
        await queue.SubmitAsync(work, default);
        Assert.NotNull((await queue.WaitAsync(work.Key, Patience)).Landed);
        Assert.Equal(3, tries);
    }

    [Fact]
    public async Task A_withdrawn_submission_ends_its_check_and_those_behind_it_land()
    {
        var first = await _box.WorkAsync("first", dir => Sandbox.WriteIn(dir, "one", "x"));
        var second = await _box.WorkAsync("second", dir => Sandbox.WriteIn(dir, "two", "x"));
        var third = await _box.WorkAsync("third", dir => Sandbox.WriteIn(dir, "three", "x"));
        var begun = new TaskCompletionSource();
        var queue = await _box.QueueAsync(new FirstNeverEnds(begun));
        foreach (var work in new[] { first, second, third }) await queue.SubmitAsync(work, default);
        await begun.Task.WaitAsync(Patience);
        Assert.Null(await queue.WithdrawAsync(second.Key, "ann"));
        Assert.Equal(EntryStatus.Withdrawn, (await queue.WaitAsync(second.Key, Patience)).Status);
        Assert.Null(await queue.WithdrawAsync(first.Key, "ann"));
        Assert.Null(await queue.WithdrawAsync(first.Key, "bob"));
        Assert.Equal("ann", (await queue.WaitAsync(first.Key, Patience)).Withdrawn!.By);
        Assert.NotNull((await queue.WaitAsync(third.Key, Patience)).Landed);
        Assert.Contains("has landed", await queue.WithdrawAsync(third.Key, "ann"), StringComparison.Ordinal);
        Assert.Contains("nothing was submitted", await queue.WithdrawAsync("other", "ann"), StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_box.Root, "one")) || File.Exists(Path.Combine(_box.Root, "two")));
        Assert.Equal(first.Commit, await _box.Git.TipAsync(first.Branch, default));
        await queue.DisposeAsync();
        Assert.Empty(Directory.GetDirectories(Path.Combine(_box.Folder.RunPath("run"), "candidates", "main")));
        Assert.Equal("", await _box.RunAsync("for-each-ref", "refs/skep/candidates"));
    }

    /// <summary>The first entry's check ends only when it is told to.</summary>
    private sealed class FirstNeverEnds(TaskCompletionSource begun) : ICandidateCheck
    {
        public async Task<CheckVerdict> CheckAsync(Candidate candidate, CancellationToken cancel)
        {
            if (candidate.Work.Branch.EndsWith("first", StringComparison.Ordinal))
            {
                begun.TrySetResult();
                await Task.Delay(Timeout.Infinite, cancel);
            }

            return new CheckVerdict(true, "fine");
        }
    }

    [Fact]
    public async Task A_missing_target_or_commit_is_told_at_once()
    {
        await using var queue = await _box.QueueAsync(FuncCheck.Pass);
        var none = new BranchWork("k", "b", new string('a', 40), new string('b', 40), "t", 1, "a");
        Assert.Equal(GitFault.NotFound, (await Assert.ThrowsAsync<GitException>(() => queue.SubmitAsync(none, default))).Fault);
        Assert.Equal(GitFault.BadName, (await Assert.ThrowsAsync<GitException>(() => queue.SubmitAsync(none with { Commit = "--help" }, default))).Fault);
        var options = new MergeQueueOptions("run", "nowhere", MergeMethod.Merge, FuncCheck.Pass);
        var store = new MergeStore(_box.Store, TimeProvider.System);
        await Assert.ThrowsAsync<GitException>(() => MergeQueue.OpenAsync(_box.Git, _box.Folder, store, options, TimeProvider.System, default));
    }

    /// <summary>Works until the queue is closed.</summary>
    private sealed class CancelledCheck(TaskCompletionSource begun) : ICandidateCheck
    {
        public async Task<CheckVerdict> CheckAsync(Candidate candidate, CancellationToken cancel)
        {
            begun.SetResult();
            await Task.Delay(Timeout.Infinite, cancel);
            return new CheckVerdict(false, "never");
        }
    }
}
