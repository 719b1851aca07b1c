using System.Text;

namespace Skep.Plans.Tests.Validation;

/// <summary>Large plans: no recursion, no quadratic work. A slow or recursive rule would not finish here.</summary>
public class ScaleTests
{
    private const int Many = 100_000;

    [Fact]
    public void A_chain_of_a_hundred_thousand_tasks_is_read()
    {
        var plan = PlanText.Valid(Tasks(Many, i => i > 0 ? $"run: 'x ${{tasks.t{i - 1}.outputs.v}}', needs: [t{i - 1}], owns: [src/**]" : "run: x, owns: [src/**]"));
        Assert.Equal(Many, plan.Phases[0].Tasks.Count);
    }

    [Fact]
    public void A_cycle_of_a_hundred_thousand_tasks_is_found_and_shortened()
    {
        var error = PlanText.OneError(Tasks(Many, i => $"run: x, needs: [t{(i + 1) % Many}]"));
        Assert.Equal("these wait for each other: t0 -> t1 -> t2 -> t3 -> t4 -> t5 -> t6 -> t7 -> t8 -> t9 -> (99,989 more) -> t99999 -> t0; remove one of the needs", error.Message);
    }

    [Fact]
    public void Tasks_that_own_files_of_their_own_are_compared_by_folder() =>
        Assert.Empty(PlanText.Report(Tasks(20_000, i => $"run: x, owns: [src/m{i}/**, docs/m{i}.md]")));

    [Fact]
    public void Tasks_that_all_own_everything_are_bounded_errors()
    {
        var result = PlanReader.Read(Tasks(2_000, i => $"run: x, owns: ['**/{i}*']"));
        Assert.False(result.IsValid);
        Assert.Equal(PlanLimits.Default.MaxDiagnostics + 1, result.Diagnostics.Count);
    }

    [Fact]
    public void References_across_phases_are_checked()
    {
        var text = new StringBuilder("plan: x\nphases:\n- id: p\n  tasks:\n");
        for (var i = 0; i < 20_000; i++) text.Append($"  - {{ id: a{i}, run: x }}\n");
        text.Append("- id: q\n  needs: p\n  tasks:\n");
        for (var i = 0; i < 20_000; i++) text.Append($"  - {{ id: b{i}, run: 'x ${{tasks.a{i}.outputs.v}}' }}\n");
        Assert.Empty(PlanText.Report(text.ToString()));
    }

    private static string Tasks(int count, Func<int, string> body)
    {
        var text = new StringBuilder("plan: x\ntasks:\n");
        for (var i = 0; i < count; i++) text.Append($"  - {{ id: t{i}, {body(i)} }}\n");
        return text.ToString();
    }
}
