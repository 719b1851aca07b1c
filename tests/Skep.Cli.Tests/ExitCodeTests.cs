using Skep.Cli.Plans;

namespace Skep.Cli.Tests;

public class ExitCodeTests
{
    private const string Good = "plan: demo\ntasks:\n  - { id: a, run: ok }\n";

    [Theory]
    [InlineData(ExitCodes.Ok, "run: ok")]
    [InlineData(ExitCodes.RunFailed, "run: fail")]
    [InlineData(ExitCodes.PlanInvalid, "rum: ok")]
    public async Task A_run_ends_with_the_code_of_its_outcome(int expected, string key)
    {
        using var cli = new Harness();
        cli.File("plan.yaml", $"plan: demo\ntasks:\n  - {{ id: a, {key} }}\n");
        Assert.Equal(expected, await cli.RunAsync("run", "--no-report"));
    }

    [Theory]
    [InlineData("run", "--nonsense")]
    [InlineData("bogus")]
    [InlineData("run", "no-such-file.yaml")]
    [InlineData("run", "--var", "novalue")]
    [InlineData("plan", "graph", "--format", "png")]
    [InlineData("events", "last", "--json", "--text")]
    public async Task A_wrong_command_line_is_code_2_and_says_error_once_per_mistake(params string[] args)
    {
        using var cli = new Harness();
        cli.File("plan.yaml", Good);
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("run", "-q", "--no-report"));
        Assert.Equal(ExitCodes.Usage, await cli.RunAsync(args));
        Assert.StartsWith("error: ", cli.Error, StringComparison.Ordinal);
        Assert.Equal(1, cli.Error.Split("error: ").Length - 1);
    }

    [Fact]
    public async Task A_plan_that_is_no_utf8_text_or_never_ends_is_code_3_and_says_so()
    {
        using var cli = new Harness();
        File.WriteAllBytes(cli.File("plan.yaml", ""), [.. "plan: x\ngoal: caf"u8, 0xE9, .. "\ntasks:\n  - { id: a, run: ok }\n"u8]);
        Assert.Equal(ExitCodes.PlanInvalid, await cli.RunAsync("run"));
        Assert.Contains("not UTF-8", cli.Error, StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(cli.Project, "plan.yaml"), new string('#', PlanFile.MaxChars + 1));
        Assert.Equal(ExitCodes.PlanInvalid, await cli.RunAsync("run"));
        Assert.Contains($"more than {PlanFile.MaxChars} characters", cli.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "agent 'thinker'")]
    [InlineData("{", "models.json")]
    public async Task A_plan_whose_model_cannot_be_found_is_code_3_before_anything_begins(string models, string reason)
    {
        using var cli = new Harness();
        cli.File("plan.yaml", "plan: demo\nagents: { thinker: { executor: chat, model: nobody/none } }\ntasks:\n  - { id: a, run: ok }\n  - { id: b, agent: thinker, prompt: think }\n");
        Directory.CreateDirectory(Path.Combine(cli.Project, ".skep"));
        if (models.Length > 0) cli.File(".skep/models.json", models);
        Assert.Equal(ExitCodes.PlanInvalid, await cli.RunAsync("run", "--no-report"));
        Assert.Contains(reason, cli.Error, StringComparison.Ordinal);
        await cli.RunAsync("runs", "--json");
        Assert.Equal("[]", cli.Out.Trim());
        Assert.Equal(models.Length > 0 ? ExitCodes.Storage : ExitCodes.Ok, await cli.RunAsync("doctor"));
    }

    [Fact]
    public async Task A_closed_terminal_stops_the_run_as_cleanly_as_ctrl_c()
    {
        using var cli = new Harness();
        cli.File("plan.yaml", "plan: demo\ntasks:\n  - { id: a, run: hang }\n");
        var run = SkepProgram.RunAsync(["run", "--id", "r1", "--no-report"], cli.Context(new StringWriter(), new StringWriter()));
        await cli.Work.HangsAsync("a");
        cli.Signals.Send(ExitCodes.HungUp);
        Assert.Equal(ExitCodes.HungUp, await run);
    }

    [Fact]
    public async Task A_plan_that_needs_an_absent_executor_is_code_3_and_names_it()
    {
        using var cli = new Harness();
        cli.File("plan.yaml", "plan: demo\nagents: { m: { executor: dotnet } }\ntasks:\n  - { id: a, agent: m, prompt: hello }\n");
        Assert.Equal(ExitCodes.PlanInvalid, await cli.RunAsync("run"));
        Assert.Contains("'dotnet'", cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancelling_from_another_process_is_code_4()
    {
        using var cli = new Harness();
        cli.File("plan.yaml", "plan: demo\ntasks:\n  - { id: a, run: hang }\n");
        var (output, error) = (new StringWriter(), new StringWriter());
        var run = SkepProgram.RunAsync(["run", "--id", "r1", "--no-report"], cli.Context(output, error));
        await cli.Work.HangsAsync("a");
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("cancel", "r1", "--reason", "enough"));
        Assert.Equal(ExitCodes.RunCancelled, await run);
        Assert.Contains("enough", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_in_use_is_code_5_and_reading_still_works()
    {
        using var cli = new Harness();
        cli.File("plan.yaml", "plan: demo\ntasks:\n  - { id: a, run: hang }\n");
        var run = SkepProgram.RunAsync(["run", "--id", "r1", "-q", "--no-report"], cli.Context(new StringWriter(), new StringWriter()));
        await cli.Work.HangsAsync("a");
        Assert.Equal(ExitCodes.Storage, await cli.RunAsync("run"));
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("show", "r1"));
        Assert.Contains("running", cli.Out, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Refused, await cli.RunAsync("resume", "r1"));
        cli.Signals.Send(ExitCodes.Terminated);
        Assert.Equal(ExitCodes.Terminated, await run);
    }

    [Theory]
    [InlineData("show", "nothing")]
    [InlineData("logs", "r1", "nothing")]
    [InlineData("events", "nothing")]
    [InlineData("cancel", "nothing")]
    public async Task What_is_not_there_is_code_6(params string[] args)
    {
        using var cli = new Harness();
        cli.File("plan.yaml", Good);
        await cli.RunAsync("run", "--id", "r1", "--no-report");
        Assert.Equal(ExitCodes.RunNotFound, await cli.RunAsync(args));
        Assert.NotEqual("", cli.Error);
    }

    [Theory]
    [InlineData("resume", "r1")]
    [InlineData("cancel", "r1")]
    [InlineData("pause", "r1")]
    [InlineData("retry", "r1")]
    [InlineData("answer", "r1", "a", "--approve")]
    [InlineData("pause", "--all")]
    public async Task A_request_that_does_not_fit_is_code_7_and_says_why(params string[] args)
    {
        using var cli = new Harness();
        cli.File("plan.yaml", Good);
        await cli.RunAsync("run", "--id", "r1", "--no-report");
        Assert.Equal(ExitCodes.Refused, await cli.RunAsync(args));
        Assert.StartsWith("error: ", cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_fault_of_ours_is_code_70_and_the_stack_is_shown_on_demand_only()
    {
        using var cli = new Harness();
        var quiet = new StringWriter();
        Assert.Equal(ExitCodes.Internal, ErrorText.Render(new InvalidOperationException("odd"), cli.Context(new StringWriter(), quiet)));
        Assert.Contains("Please report", quiet.ToString(), StringComparison.Ordinal);
        cli.Environment["SKEP_DEBUG"] = "1";
        var loud = new StringWriter();
        ErrorText.Render(new InvalidOperationException("odd"), cli.Context(new StringWriter(), loud));
        Assert.Contains("System.InvalidOperationException: odd", loud.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ctrl_C_stops_cleanly_says_how_to_resume_and_what_is_settled_is_not_done_again()
    {
        using var cli = new Harness();
        cli.File("plan.yaml", "plan: demo\ntasks:\n  - { id: a, run: ok }\n  - { id: b, needs: [a], run: once }\n  - { id: c, needs: [b], run: ok }\n");
        var output = new StringWriter();
        var run = SkepProgram.RunAsync(["run", "--id", "r1", "--no-report"], cli.Context(output, new StringWriter()));
        await cli.Work.HangsAsync("b");
        cli.Signals.Send(ExitCodes.Interrupted);
        Assert.Equal(ExitCodes.Interrupted, await run);
        Assert.EndsWith("stopped; resume with: skep resume r1\n", output.ToString(), StringComparison.Ordinal);

        await cli.RunAsync("runs");
        Assert.Contains("interrupted", cli.Out, StringComparison.Ordinal);
        Assert.Contains("1/3", cli.Out, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("resume", "--no-report"));
        Assert.Equal(["a", "b", "b", "c"], cli.Work.Begun);
    }

    [Fact]
    public async Task A_second_signal_leaves_at_once()
    {
        using var cli = new Harness();
        cli.File("plan.yaml", "plan: demo\ntasks:\n  - { id: a, run: stubborn }\n");
        var run = SkepProgram.RunAsync(["run", "--id", "r1", "--no-report"], cli.Context(new StringWriter(), new StringWriter()));
        await cli.Work.HangsAsync("a");
        cli.Signals.Send(ExitCodes.Interrupted);
        Assert.False(cli.Left.Task.IsCompleted);
        cli.Signals.Send(ExitCodes.Terminated);
        Assert.Equal(ExitCodes.Terminated, await cli.Left.Task.WaitAsync(TimeSpan.FromSeconds(60)));
        cli.Work.Released.SetResult();
        await run;
    }

    [Fact]
    public void Every_code_is_explained()
    {
        var declared = typeof(ExitCodes).GetFields().Where(f => f.IsLiteral).Select(f => (int)f.GetRawConstantValue()!).Order();
        Assert.Equal(declared, ExitCodes.All.Select(c => c.Code).Order());
    }
}
