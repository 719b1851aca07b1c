using System.Text;
using Skep.Orchestration.Processes;

namespace Skep.Orchestration.Tests.Execution;

public sealed class ProcessMarkerTests
{
    [Theory]
    [InlineData("A=1\0SKEP_LINEAGE=/f/runs/r::t/1\0", true, true)]
    [InlineData("SKEP_LINEAGE=/f/runs/r::t/1\n/g/runs/r2::x/1\0", true, true)]
    [InlineData("SKEP_LINEAGE=/f/runs/r::t/11\0", false, true)]
    [InlineData("SKEP_LINEAGE=/other/runs/r::t/1\0", false, false)]
    [InlineData("SKEP_LINEAGE=/f/runs/r2::t/1\0", false, false)]
    [InlineData("SKEP_RUN_ID=r\0SKEP_IDEMPOTENCY_KEY=r/t/1\0", false, false)]
    [InlineData("XSKEP_LINEAGE=/f/runs/r::t/1\0B=SKEP_LINEAGE=/f/runs/r::t/1\0", false, false)]
    [InlineData("", false, false)]
    public void Marks_are_recognised_exactly(string environ, bool attempt, bool run)
    {
        var bytes = Encoding.UTF8.GetBytes(environ);
        var request = new AttemptRequest
        {
            RunId = "r",
            TaskId = "t",
            Phase = "main",
            Attempt = 1,
            AgentName = "worker-1",
            Agent = Plans.AgentSpec.Implicit,
            WorkingDirectory = "/",
            Workspace = "/",
            RunDirectory = "/f/runs/r",
            SkepDirectory = "/f",
            PlanDirectory = "/",
        };

        Assert.Equal(attempt, ProcessMarker.OfAttempt(request).Matches(bytes));
        Assert.Equal(run, ProcessMarker.OfRun("/f/runs/r").Matches(bytes));
    }

    [Fact]
    public void A_process_name_may_hold_anything()
    {
        var line = "42 (evil) S 1 (x) S 7 8 9 0 -1 4194560 1 2 3 4 10 20 30 40 20 0 1 0 555 1000 66 0\n"u8;

        Assert.True(ProcessStat.TryParse(line, out var stat));
        Assert.Equal((42, "evil) S 1 (x", 'S', 7, 8, 9), (stat.Pid, stat.Name, stat.State, stat.Parent, stat.Group, stat.Session));
        Assert.Equal((100, 555, 66), (stat.CpuTicks, stat.StartTicks, stat.RssPages));
        Assert.False(ProcessStat.TryParse("42 (x"u8, out _));
        Assert.False(ProcessStat.TryParse("42 (x) S 1 2"u8, out _));
    }

    [Theory]
    [InlineData(0, "0 bytes")]
    [InlineData(64L * 1024 * 1024, "64 MiB")]
    [InlineData(1536, "1.5 KiB")]
    public void Bytes_are_told_in_units(long bytes, string expected) => Assert.Equal(expected, Quantity.Bytes(bytes));
}
