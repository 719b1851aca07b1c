using Skep.Orchestration.Tests.Core;
using Skep.Storage;

namespace Skep.Orchestration.Tests.Log;

public sealed class RunLogTests : IAsyncDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("skep-log-").FullName;
    private readonly SqliteStore _store;

    public RunLogTests() => _store = SqliteStore.OpenOwner(SkepFolder.Create(_directory));

    [Fact]
    public async Task A_log_folds_to_the_state_that_wrote_it()
    {
        var rig = Work();
        await new RunLog(_store, "r").AppendAsync(rig.State, rig.Events, rig.Now);
        var (state, _) = RunLog.Load(_store, "r", rig.State.Plan);
        Assert.Equal(rig.State.Nodes.Select(n => n.ToString()), state.Nodes.Select(n => n.ToString()));
        Assert.Equal((rig.State.Seq, rig.State.Status, rig.State.WorkSettled), (state.Seq, state.Status, state.WorkSettled));
    }

    [Fact]
    public async Task A_snapshot_writes_only_what_changed_since_the_last()
    {
        var rig = Work();
        await new RunLog(_store, "r", snapshotEvery: 1).AppendAsync(rig.State, rig.Events, rig.Now);
        rig.Events.Clear();
        rig.Begin("b");
        Assert.Equal(["b"], rig.State.Changed.Select(n => n.Key));
    }

    [Fact]
    public async Task A_queen_whose_log_has_moved_on_cannot_append()
    {
        var rig = Work();
        var (mine, theirs) = (new RunLog(_store, "r"), new RunLog(_store, "r"));
        await mine.AppendAsync(rig.State, rig.Events, rig.Now);
        await Assert.ThrowsAsync<ConcurrencyException>(() => theirs.AppendAsync(rig.State, rig.Events, rig.Now));
    }

    [Fact]
    public void A_log_of_another_plan_is_refused()
    {
        var rig = Work();
        var other = new QueenRig("{ plan: other, tasks: [{ id: z, run: x }] }");
        var e = Assert.Throws<RunLogException>(() => rig.Events.ForEach(x => Queen.Apply(other.State, x, rig.Now)));
        Assert.Contains("belongs to another plan", e.Message);
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    private static QueenRig Work() =>
        new QueenRig("{ plan: p, tasks: [{ id: a, run: x, retry: 2 }, { id: b, run: x, needs: [a] }, { id: c, run: x, foreach: [1, 2] }] }")
            .Start().Begin("a").Fail("a").Wait(5).Begin("a").Succeed("a", ("k", "v")).Succeed("c[0]");
}
