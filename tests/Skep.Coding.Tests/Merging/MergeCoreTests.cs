using Skep.Coding.Git;
using Skep.Coding.Merging;

namespace Skep.Coding.Tests.Merging;

public sealed class MergeCoreTests
{
    private readonly MergeState _state = new();

    public MergeCoreTests() => MergeCore.Apply(_state, new QueueOpened("run", "main", MergeMethod.Merge));

    [Fact]
    public void A_good_branch_goes_from_queued_to_landed()
    {
        Tell(Submit(1));
        Assert.Equal(EntryStatus.Queued, _state.Head!.Status);
        Assert.IsType<IntegrateStep>(MergeCore.Next(_state));
        Tell(new TipRead(1, "t0"));
        Assert.Equal((EntryStatus.Integrating, "t0"), (_state.Head.Status, _state.Head.Tip));
        Tell(new Integrated(1, new IntegratedAs("c1", MergeMethod.Merge)));
        Assert.Equal((EntryStatus.Checking, "c1"), (_state.Head.Status, _state.Head.Candidate));
        Assert.IsType<CheckStep>(MergeCore.Next(_state));
        Tell(new CheckStarting(1));
        Assert.Equal(1, _state.Head.OpenCheck);
        Tell(new CheckEnded(1, 1, new CheckVerdict(true, "all green")));
        Assert.IsType<LandStep>(MergeCore.Next(_state));
        Tell(new LandingStarting(1, "t0"));
        Assert.True(_state.Head.IsLandingBegun);
        Tell(new LandingEnded(1, new Landing("c1", true, null)));
        Assert.IsType<RestStep>(MergeCore.Next(_state));
        Assert.Equal((EntryStatus.Landed, "c1", "all green"), (_state.Entries[0].Status, _state.Entries[0].Landed!.Commit, _state.Entries[0].Evidence));
    }

    [Fact]
    public void A_conflict_comes_back_with_its_paths_and_both_sides()
    {
        Tell(Submit(1));
        Tell(new TipRead(1, "t0"));
        var conflict = new ConflictDetails([new ConflictPath("a.cs", "contents", "1", "2", "3")], 1, "b1", "t0", [new SideCommit("t0", "x", "y")], [new SideCommit("b1", "u", "v")], "CONFLICT");
        Tell(new Integrated(1, new Conflicted(conflict)));
        var back = _state.Entries[0].HandedBack!;
        Assert.Equal((HandBackReason.Conflict, conflict), (back.Reason, back.Conflict));
        Assert.Contains("a.cs (contents)", back.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_failed_gate_comes_back_with_its_evidence_and_the_next_entry_has_its_turn()
    {
        Tell(Submit(1));
        Tell(Submit(2));
        ToChecking(1);
        Tell(new CheckStarting(1));
        Tell(new CheckEnded(1, 1, new CheckVerdict(false, "test X fails")));
        Assert.Equal((HandBackReason.GateFailed, "test X fails", "c"), (_state.Entries[0].HandedBack!.Reason, _state.Entries[0].HandedBack!.Text, _state.Entries[0].HandedBack!.Candidate));
        Assert.Equal(2, Assert.IsType<IntegrateStep>(MergeCore.Next(_state)).Entry.Number);
    }

    [Fact]
    public void A_branch_that_the_target_holds_already_lands_as_it_is()
    {
        Tell(Submit(1));
        Tell(new TipRead(1, "t0"));
        Tell(new Integrated(1, new NothingToDo()));
        Assert.Equal("t0", _state.Entries[0].Landed!.Commit);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_target_that_moves_makes_the_candidate_void_and_only_so_often(bool afterLandingBegan)
    {
        Tell(Submit(1));
        for (var move = 1; move <= MergeCore.MaxMoves; move++)
        {
            Assert.False(_state.Entries[0].IsSettled);
            ToChecking(1);
            Assert.Equal(move - 1, _state.Head!.Moves);
            Tell(new CheckStarting(1));
            Tell(new CheckEnded(1, _state.Head.OpenCheck!.Value, new CheckVerdict(true, "")));
            if (afterLandingBegan)
            {
                Tell(new LandingStarting(1, "t"));
                Tell(new LandingEnded(1, new Landing("x", false, null)));
            }
            else
            {
                Tell(new LandingStarting(1, "x"));
            }
        }

        Assert.Equal(HandBackReason.TargetMoved, _state.Entries[0].HandedBack!.Reason);
    }

    [Fact]
    public void Another_candidate_needs_another_check()
    {
        Tell(Submit(1));
        ToChecking(1);
        Tell(new CheckStarting(1));
        Tell(new CheckEnded(1, 1, new CheckVerdict(true, "")));
        Tell(new LandingStarting(1, "moved"));
        Assert.Equal((EntryStatus.Queued, (string?)null, (string?)null), (_state.Head!.Status, _state.Head.Candidate, _state.Head.Evidence));
        ToChecking(1);
        Assert.IsType<CheckStep>(MergeCore.Next(_state));
    }

    [Fact]
    public void A_check_that_cannot_be_run_is_tried_again_and_then_says_so()
    {
        Tell(Submit(1));
        ToChecking(1);
        for (var i = 1; i <= MergeCore.MaxFailedChecks; i++)
        {
            Assert.IsType<CheckStep>(MergeCore.Next(_state));
            Tell(new CheckStarting(1));
            Tell(new CheckEnded(1, i, null, "no disk"));
        }

        Assert.Equal(HandBackReason.CheckLost, _state.Entries[0].HandedBack!.Reason);
        Assert.Contains("no disk", _state.Entries[0].HandedBack!.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_check_that_ends_with_its_process_is_run_again_and_only_so_often()
    {
        Tell(Submit(1));
        ToChecking(1);
        for (var i = 1; i <= MergeCore.MaxInterruptedChecks; i++)
        {
            Assert.False(_state.Entries[0].IsSettled);
            Tell(new CheckStarting(1));
            Tell(new Recovered());
        }

        Assert.Equal(HandBackReason.CheckLost, _state.Entries[0].HandedBack!.Reason);
    }

    [Fact]
    public void A_branch_that_cannot_be_merged_comes_back()
    {
        Tell(Submit(1));
        Tell(new TipRead(1, "t0"));
        Tell(new Integrated(1, new CannotIntegrate("no common history")));
        Assert.Equal((HandBackReason.NotMergeable, "no common history"), (_state.Entries[0].HandedBack!.Reason, _state.Entries[0].HandedBack!.Text));
    }

    [Fact]
    public void A_submission_that_is_repeated_is_one_entry_and_other_work_under_its_key_is_refused()
    {
        Tell(Submit(1));
        Assert.Equal((0, null), Outcome(Submit(1)));
        Assert.Contains("another key", MergeCore.Decide(_state, new SubmitWork(Work(1) with { Commit = "other" })).Refusal, StringComparison.Ordinal);
        Assert.Single(_state.Entries);
    }

    [Fact]
    public void A_full_queue_refuses()
    {
        for (var i = 1; i <= MergeCore.MaxWaiting; i++) Tell(Submit(i));
        Assert.Contains($"{MergeCore.MaxWaiting}", MergeCore.Decide(_state, Submit(MergeCore.MaxWaiting + 1)).Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void What_hinders_is_recorded_once_and_forgotten_when_it_goes_on()
    {
        Tell(Submit(1));
        Tell(new Hindered(1, "locked"));
        Assert.Equal("locked", _state.Head!.Held);
        Assert.Empty(MergeCore.Decide(_state, new Hindered(1, "locked")).Events);
        Tell(new TipRead(1, "t0"));
        Assert.Null(_state.Head.Held);
    }

    [Fact]
    public void A_late_answer_changes_nothing()
    {
        Tell(Submit(1));
        ToChecking(1);
        Assert.NotNull(MergeCore.Decide(_state, new CheckEnded(1, 1, new CheckVerdict(true, ""))).Refusal);
        Assert.NotNull(MergeCore.Decide(_state, new LandingEnded(1, new Landing("c", true, null))).Refusal);
        Assert.NotNull(MergeCore.Decide(_state, new Integrated(2, new NothingToDo())).Refusal);
        Assert.NotNull(MergeCore.Decide(_state, new TipRead(1, "t9")).Refusal);
    }

    [Fact]
    public void An_event_that_does_not_fit_is_a_damaged_log()
    {
        Assert.Throws<MergeLogException>(() => MergeCore.Apply(_state, new QueueOpened("run", "main", MergeMethod.Merge)));
        Assert.Throws<MergeLogException>(() => MergeCore.Apply(_state, new EntryQueued(2, Work(2))));
        Assert.Throws<MergeLogException>(() => MergeCore.Apply(_state, new EntryLanded(1, "c", null)));
        Tell(Submit(1));
        Assert.Throws<MergeLogException>(() => MergeCore.Apply(_state, new LandingBegun(1, "a", "b")));
        Assert.Throws<MergeLogException>(() => MergeCore.Apply(_state, new EntryLanded(1, "c", null)));
    }

    [Fact]
    public void A_submission_is_withdrawn_at_any_place_until_its_landing_has_begun()
    {
        for (var i = 1; i <= 4; i++) Tell(Submit(i));
        Tell(new WithdrawWork(Work(2).Key, "ann"));
        Assert.Equal((0, null), Outcome(new WithdrawWork(Work(2).Key, "bob")));
        Assert.Equal((1, 3), (_state.Head!.Number, _state.Waiting));
        ToChecking(1);
        Tell(new CheckStarting(1));
        Tell(new WithdrawWork(Work(1).Key, "ann"));
        // The second is passed over, and what the check of the first says now is about nothing.
        Assert.Equal((3, 2), (_state.Head!.Number, _state.Waiting));
        Assert.NotNull(Outcome(new CheckEnded(1, 1, new CheckVerdict(true, ""))).Refusal);
        ToChecking(3);
        Tell(new CheckStarting(3));
        Tell(new CheckEnded(3, 1, new CheckVerdict(true, "")));
        Tell(new LandingStarting(3, "t"));
        Assert.Contains("is landing", Outcome(new WithdrawWork(Work(3).Key, "ann")).Refusal, StringComparison.Ordinal);
        Tell(new LandingEnded(3, new Landing("c", true, null)));
        Assert.Contains("has landed as c", Outcome(new WithdrawWork(Work(3).Key, "ann")).Refusal, StringComparison.Ordinal);
        Assert.Contains("nothing was submitted", Outcome(new WithdrawWork("x", "ann")).Refusal, StringComparison.Ordinal);
        Tell(new WithdrawWork(Work(4).Key, "ann"));
        Assert.Equal((null, 0), (_state.Head, _state.Waiting));
        // Handed in again it is the same entry, and stays withdrawn.
        Assert.Equal((0, null), Outcome(Submit(4)));
        Assert.Throws<MergeLogException>(() => MergeCore.Apply(_state, new EntryWithdrawn(3, "ann")));
    }

    [Fact]
    public void Long_evidence_keeps_its_end()
    {
        Tell(Submit(1));
        ToChecking(1);
        Tell(new CheckStarting(1));
        Tell(new CheckEnded(1, 1, new CheckVerdict(false, new string('x', MergeCore.MaxEvidence * 2) + "END")));
        Assert.EndsWith("END", _state.Entries[0].HandedBack!.Text, StringComparison.Ordinal);
        Assert.Equal(MergeCore.MaxEvidence + 1, _state.Entries[0].HandedBack!.Text.Length);
    }

    [Fact]
    public void Every_event_survives_its_way_through_the_log()
    {
        var conflict = new ConflictDetails([new ConflictPath("a", "binary", null, "2", "3")], 1, "b1", "t0", [new SideCommit("t", "x", "y")], [], "text");
        MergeEvent[] all =
        [
            new QueueOpened("r", "main", MergeMethod.Rebase), new EntryQueued(1, Work(1)), new IntegrationBegun(1, "t"), new CandidateMade(1, "c", MergeMethod.Merge), new CheckBegun(1, 1),
            new CheckLost(1, 1, "why", true), new CheckPassed(1, 2, "e"), new LandingBegun(1, "a", "b"), new TargetMoved(1, "a", "b"), new EntryHeld(1, "w"), new EntryLanded(1, "c", null),
            new EntryHandedBack(1, HandBackReason.Conflict, "t", null, conflict), new EntryWithdrawn(1, "ann"),
        ];
        Assert.Equal(typeof(MergeEvent).Assembly.GetTypes().Count(t => t.BaseType == typeof(MergeEvent)), all.Length);
        foreach (var e in all)
        {
            var json = MergeCodec.Encode(e);
            Assert.Equal(json, MergeCodec.Encode(MergeCodec.Decode(1, json)));
        }
    }

    private static BranchWork Work(int i) => new($"run/t{i}/1", $"skep/run/t{i}/1", "b0", $"b{i}", $"t{i}", 1, "agent");

    private static SubmitWork Submit(int i) => new(Work(i));

    private void ToChecking(int entry)
    {
        Tell(new TipRead(entry, "t"));
        Tell(new Integrated(entry, new IntegratedAs("c", MergeMethod.Merge)));
    }

    private (int Events, string? Refusal) Outcome(MergeInput input)
    {
        var decision = MergeCore.Decide(_state, input);
        return (decision.Events.Count, decision.Refusal);
    }

    private void Tell(MergeInput input)
    {
        var decision = MergeCore.Decide(_state, input);
        Assert.Null(decision.Refusal);
        foreach (var e in decision.Events) MergeCore.Apply(_state, e);
    }
}
