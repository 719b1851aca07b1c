using Skep.Cli.Running;

namespace Skep.Cli.Tests;

public class ViewTests
{
    private const string Yaml = """
        plan: release
        agents: { boss: { executor: human }, coder: { role: writes } }
        phases:
          - id: build
            title: Build it
            tasks:
              - { id: compile, agent: coder, run: ok, retry: 2 }
              - { id: lint, run: ok, allow_failure: true }
            gates:
              - { id: small, metric: size <= 10 }
          - id: ship
            needs: [build]
            tasks:
              - { id: approve, agent: boss, ask: "Ship it?" }
        """;

    [Fact]
    public void The_summary_does_not_count_lost_attempts_as_task_time_nor_as_retries()
    {
        var story = new Story("plan: p\ntasks:\n  - { id: a, run: ok }\n").Begin().Tell(new PhaseStarted("main"));
        story.Starts("a").After(10).Tell(new AttemptEnded("a", 1, new AttemptResult { Outcome = AttemptOutcome.Lost, Error = "gone" }, null, null));
        story.Starts("a", attempt: 2).After(5).Succeeds("a", 2);
        var text = RunSummaryText.Write(story.State, Palette.None);
        Assert.Contains("  task time 5s in 15s of wall time: 0.3×; 10s more in lost attempts\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_terminal_that_was_closed_is_written_to_once_and_never_again()
    {
        var closed = new ClosedTerminal();
        await using var writer = new LenientWriter(closed);
        writer.WriteLine("one");
        await writer.WriteAsync("two");
        await writer.FlushAsync();
        Assert.Equal(1, closed.Writes);
    }

    private sealed class ClosedTerminal : StringWriter
    {
        public int Writes { get; private set; }

        public override void Write(string? value)
        {
            Writes++;
            throw new IOException("Input/output error");
        }
    }

    [Fact]
    public void Plain_lines_tell_one_thing_each()
    {
        var plain = new LineCollector();
        Tell(plain);
        Assert.Equal(
            """
            12:00:00 run demo-1  started  plan release, 4 tasks, up to 8 at once
            12:00:00 phase build  started
            12:00:02 compile  attempt 1 failed, tried again  1.5s  exited with code 1
            12:00:03 lint  failed  2.5s  it is ugly
            12:00:04 compile  ok  2s
            12:00:04 gate small  ok  0s  size = 3, wanted size <= 10
            12:00:04 phase build  ok
            12:00:04 phase ship  started
            12:00:04 approve  waits for a person: Ship it?  answer with: skep answer demo-1 approve --approve
            """, string.Join('\n', plain.Lines));
    }

    [Fact]
    public void The_live_picture_shows_what_goes_on()
    {
        var board = new RunBoard();
        var story = Tell(board).After(61);
        var frame = LiveFrame.Draw(board.Picture(), 80, 24, story.Now, Palette.None);
        Assert.Equal(
            """
            release  demo-1  running  1m 05s
            ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━────────── 3/4  about 1s left  1 failed  1 retry
            waiting for a person
              ? approve: Ship it?
                skep answer demo-1 approve --approve   (or --reject)
            failed
              ✗ lint  it is ugly
            phases
              ✓ Build it                    3/3  1 failed
              ▸ ship                        0/1  1 running
            settled
              ✓ gate small                              0s
              ✓ compile                                 2s
              ✗ lint                                    2.5s
            """, string.Join('\n', frame.Select(l => l.TrimEnd())));
    }

    [Fact]
    public void The_live_picture_shows_agents_at_work_with_their_last_line()
    {
        var board = new RunBoard();
        var story = new Story(Yaml, board).Begin().Tell(new PhaseStarted("build")).Starts("compile", "coder").Tell(new ProgressReported("compile", 1, "\e[31mred\e[0m 50%\n")).After(3);
        story.Tell(new TaskPaused("compile", "me"));
        var frame = LiveFrame.Draw(board.Picture(), 80, 24, story.Now, Palette.None);
        Assert.Contains(frame, l => l.Contains("compile", StringComparison.Ordinal) && l.Contains("coder-1", StringComparison.Ordinal) && l.Contains("paused", StringComparison.Ordinal) && l.Contains("[31mred[0m 50%", StringComparison.Ordinal));
        Assert.All(frame, l => Assert.DoesNotContain('\e', l));
        story.Tell(new TaskContinued("compile", "me"));
        Assert.Contains(LiveFrame.Draw(board.Picture(), 80, 24, story.Now, Palette.None), l => l.Contains("3s [31mred", StringComparison.Ordinal));
    }

    [Fact]
    public void The_live_picture_fits_any_terminal()
    {
        var board = new RunBoard();
        var story = Tell(board);
        for (var width = 21; width < 200; width += 7)
        {
            for (var height = 4; height < 40; height += 3)
            {
                var frame = LiveFrame.Draw(board.Picture(), width, height, story.Now, Palette.None);
                Assert.InRange(frame.Count, 1, height - 1);
                Assert.All(frame, l => Assert.InRange(PlainLine.Cells(l.TrimEnd()), 0, Math.Max(width - 1, 24)));
            }
        }
    }

    [Fact]
    public void Frames_replace_each_other_and_the_cursor_comes_back()
    {
        var text = new StringWriter();
        var frames = new FrameWriter(text);
        frames.Show(["one", "two"], 80, []);
        frames.Show(["one", "two"], 80, []);
        frames.Show(["three"], 80, ["note"]);
        frames.Clear(80, []);
        Assert.Equal("\e[?25l\rone\e[K\ntwo\e[K\n\e[J" + "\e[?25l\e[2A\rnote\e[K\nthree\e[K\n\e[J" + "\e[1A\r\e[J\e[?25h", text.ToString());
    }

    [Fact]
    public void A_narrower_window_is_reckoned_with()
    {
        var text = new StringWriter();
        var frames = new FrameWriter(text);
        frames.Show([new string('x', 30), "y"], 40, []);
        frames.Clear(20, []);
        Assert.EndsWith("\e[3A\r\e[J\e[?25h", text.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_fan_out_counts_as_its_items_once_they_are_known()
    {
        var board = new RunBoard();
        var story = new Story("plan: p\ntasks:\n  - { id: f, foreach: [1, 2, 3], run: ok }\n", board).Begin().Tell(new PhaseStarted("main"));
        Assert.Equal(1, board.Picture().Phases[0].Total);
        story.Tell(new TaskFannedOut("f", ["1", "2", "3"])).Starts("f[1]").After(2).Succeeds("f[1]");
        var phase = board.Picture().Phases[0];
        Assert.Equal((3, 1, 0), (phase.Total, phase.Succeeded, phase.Running));
        Assert.Equal(story.State.WorkTotal, phase.Total);
        Assert.Equal("f[1]", Assert.Single(board.Picture().Recent).Task);
    }

    [Fact]
    public void The_board_counts_as_the_queen_does_after_a_reset()
    {
        var board = new RunBoard();
        var story = Tell(board);
        story.Tell(new AttemptEnded("approve", 1, AttemptResult.Failure("rejected"), TaskStatus.Failed, null))
            .Tell(new PhaseEnded("ship", TaskStatus.Failed, "approve failed")).Tell(new RunEnded(RunStatus.Failed, "phase ship", false))
            .Tell(new TasksReset(["approve", "phase/ship"], "me"));
        var picture = board.Picture();
        Assert.Equal(story.State.WorkSettled, picture.Phases.Sum(p => p.Settled));
        Assert.Equal(story.State.WorkTotal, picture.Phases.Sum(p => p.Total));
        Assert.Empty(picture.Waiting);
    }

    [Theory]
    [InlineData(true, null, true)]
    [InlineData(false, null, false)]
    [InlineData(true, "NO_COLOR=1", false)]
    [InlineData(true, "TERM=dumb", false)]
    [InlineData(true, "CI=true", false)]
    public async Task The_live_picture_is_for_terminals_that_can_and_want_it(bool interactive, string? variable, bool live)
    {
        using var cli = new Harness { Terminal = new FakeTerminal(interactive) };
        cli.File("plan.yaml", "plan: demo\ntasks:\n  - { id: a, run: ok }\n");
        if (variable?.Split('=') is [var name, var value]) cli.Environment[name] = value;
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("run", "--no-report"));
        Assert.Equal(live, cli.Out.Contains("\e[?25h", StringComparison.Ordinal));
        if (!live) Assert.DoesNotContain('\e', cli.Out);
        Assert.Contains("succeeded", cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Quiet_says_one_line()
    {
        using var cli = new Harness();
        cli.File("plan.yaml", "plan: demo\ntasks:\n  - { id: a, run: ok }\n");
        await cli.RunAsync("run", "-q", "--id", "r1", "--no-report");
        Assert.StartsWith("run r1  succeeded  1 ok", cli.Out, StringComparison.Ordinal);
        Assert.Equal(1, cli.Out.Count(c => c == '\n'));
    }

    [Fact]
    public async Task The_summary_tells_what_failed_and_where_to_read_on()
    {
        using var cli = new Harness();
        cli.File("plan.yaml", "plan: demo\nphases:\n  - id: p\n    tasks:\n      - { id: a, run: [say, size=12] }\n      - { id: b, run: fail }\n    gates:\n      - { id: small, needs: [a], metric: size <= 10 }\n");
        Assert.Equal(ExitCodes.RunFailed, await cli.RunAsync("run", "--id", "r1", "--no-report"));
        Assert.Contains("✗ b  failed  it broke\n    line one\n    line two\n    skep logs r1 b\n✗ gate small  size = 12, wanted size <= 10, reported by a\nrun r1  failed", cli.Out, StringComparison.Ordinal);
    }

    private static Story Tell(IRunObserver observer) => new Story(Yaml, observer)
        .Begin().Tell(new PhaseStarted("build"))
        .After(0.5).Starts("compile", "coder").Starts("lint")
        .After(1.5).Fails("compile", "exited with code 1", final: false).Starts("compile", "coder", 2)
        .After(1).Fails("lint", "it is ugly")
        .After(1).Succeeds("compile", 2)
        .Starts("gate/small").Succeeds("gate/small", evidence: "size = 3, wanted size <= 10")
        .Tell(new PhaseEnded("build", TaskStatus.Succeeded, null)).Tell(new PhaseStarted("ship"))
        .Starts("approve", "boss");
}
