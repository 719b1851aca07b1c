using System.Text.Json;
using Skep.Testing;

namespace Skep.Cli.Tests;

/// <summary>Control over what agents do, cost of what they did, and the scripted model, from the command line.</summary>
public sealed class QueryCommandsTests : IAsyncDisposable
{
    private const string Plan = """
        plan: demo
        swarm: { budget: { tokens: 100000, at_limit: pause } }
        agents:
          thinker: { executor: chat, role: Thinks, tools: [run_command], commands: ["true"], budget: { turns: 9 } }
        tasks:
          - { id: ask, agent: thinker, prompt: "What is six times seven?" }
        """;

    private readonly Harness _cli = new();
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _go = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ScriptedModelServer? _server;

    public async ValueTask DisposeAsync()
    {
        _go.TrySetResult();
        if (_server is not null) await _server.DisposeAsync();
        _cli.Dispose();
    }

    [Fact]
    public async Task A_conversation_is_listed_shown_and_told_while_it_goes_on_and_afterwards()
    {
        var run = await StartAsync();
        Assert.Equal(ExitCodes.Ok, await _cli.RunAsync("query", "list"));
        Assert.Matches("(?m)^r1/ask/1  running      default ", _cli.Out);
        await _cli.RunAsync("query", "list", "last", "--json");
        using (var list = JsonDocument.Parse(_cli.Out)) Assert.Equal(("r1/ask/1", "running"), (list.RootElement[0].GetProperty("query").GetString(), list.RootElement[0].GetProperty("state").GetString()));
        await EndAsync(run);

        await _cli.RunAsync("query", "list");
        Assert.Equal("no queries; --all lists those that are over\n", _cli.Out);
        await _cli.RunAsync("query", "list", "--all");
        Assert.Matches("(?m)^r1/ask/1  complete ", _cli.Out);
        Assert.Equal(ExitCodes.Ok, await _cli.RunAsync("query", "show", "last/ask"));
        Assert.Contains("plan: What is six times seven?", _cli.Out, StringComparison.Ordinal);
        Assert.Contains("model: forty-two", _cli.Out, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Ok, await _cli.RunAsync("query", "history", "r1/ask/1"));
        Assert.Contains("call 1: default/claude-haiku-4-5 is asked", _cli.Out, StringComparison.Ordinal);
        await _cli.RunAsync("query", "history", "r1/ask", "--json");
        using var history = JsonDocument.Parse(_cli.Out);
        Assert.Equal("started", history.RootElement.GetProperty("events")[0].GetProperty("event").GetProperty("t").GetString());
    }

    [Fact]
    public async Task A_conversation_is_paused_changed_talked_to_and_resumed()
    {
        var run = await StartAsync();
        await SayAsync("r1/ask/1: paused\n", "pause", "last/ask");
        await _cli.RunAsync("query", "list");
        Assert.Matches("(?m)^r1/ask/1  paused .*held by", _cli.Out);
        await SayAsync("r1/ask/1: default/claude-sonnet-4-5 answers the next turn\n", "model", "r1/ask", "default/claude-sonnet-4-5");
        await SayAsync("r1/ask/1: permission mode plan\n", "permission", "r1/ask", "plan");
        await SayAsync("r1/ask/1: said before the next turn\n", "execute", "r1/ask", "say", "in", "metres");
        await SayAsync("r1/ask/1: there is nothing to leave out\n", "execute", "r1/ask", "compact");
        await SayAsync("r1/ask/1: tokens of the run: 200000 instead of 100000; what was paused goes on with 'skep query resume'\n", "budget", "r1/ask", "run", "tokens", "200000");
        await SayAsync("r1/ask/1: resumed\n", "resume", "r1/ask");
        await EndAsync(run);
        Assert.Equal(["claude-haiku-4-5", "claude-sonnet-4-5"], _server!.Model.Exchanges.All().Select(e => e.Request!.Model));
        await _cli.RunAsync("query", "history", "r1/ask");
        Assert.Contains("asked: budget run tokens 200000", _cli.Out, StringComparison.Ordinal);
        Assert.Contains("default/claude-sonnet-4-5 answers instead of default", _cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_conversation_is_terminated()
    {
        var run = await StartAsync();
        await SayAsync("r1/ask/1: terminated\n", "terminate", "r1/ask");
        Assert.NotEqual(ExitCodes.Ok, await run.WaitAsync(TimeSpan.FromSeconds(60)));
        Assert.Equal(ExitCodes.Refused, await _cli.RunAsync("query", "resume", "r1/ask"));
        Assert.Contains("the query is over (Terminated)", _cli.Error, StringComparison.Ordinal);
        await _cli.RunAsync("cost", "last");
        Assert.Contains("No model has answered.", _cli.Out, StringComparison.Ordinal);
        Assert.Contains("Not in the table: 1 call that broke off or was lost with its process", _cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tool_that_waits_for_a_person_is_allowed_or_not()
    {
        var run = await StartAsync(s =>
        {
            s.When(m => m.Turns(0)).Calls("run_command", """{"argv":["true"]}""");
            s.When(m => m.ToolResult("run_command", "not now")).Computes(_ => Blocked("then not"));
        });
        await UntilOutAsync("waits for 'skep query answer'", "query", "show", "r1/ask");
        await UntilOutAsync("waits for 'skep query answer': thinker-1 wants to call run_command", "query", "list");
        Assert.Equal(ExitCodes.Refused, await _cli.RunAsync("query", "answer", "r1/ask", "7"));
        Assert.Contains("tool call 7 does not wait for an answer", _cli.Error, StringComparison.Ordinal);
        await SayAsync("r1/ask/1: not allowed\n", "answer", "r1/ask", "--deny", "--text", "not now");
        await EndAsync(run);
    }

    [Fact]
    public async Task Who_watches_a_run_is_told_what_waits_and_what_stands_still_and_how_it_goes_on()
    {
        var output = new StringWriter();
        var run = await StartAsync(s => s.When(m => m.Turns(0)).Calls("run_command", """{"argv":["true"]}"""), output);
        await UntilOutAsync("waits for 'skep query answer'", "query", "show", "r1/ask");
        await SayAsync("r1/ask/1: paused\n", "pause", "r1/ask");
        await SayAsync("r1/ask/1: resumed\n", "resume", "r1/ask");
        await SayAsync("r1/ask/1: terminated\n", "terminate", "r1/ask");
        await run.WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Contains("ask  waits for a person: thinker-1 wants to call run_command {\"argv\":[\"true\"]}  answer with: skep query answer r1/ask\n", output.ToString(), StringComparison.Ordinal);
        Assert.Matches("ask  paused  by .+  go on with: skep query resume r1/ask\n", output.ToString());
    }

    [Fact]
    public async Task A_command_is_paused_resumed_and_terminated_and_is_no_conversation()
    {
        _cli.File("plan.yaml", "plan: demo\ntasks:\n  - { id: work, run: hang }\n");
        var run = SkepProgram.RunAsync(["run", "--id", "r1", "-q", "--no-report"], _cli.Context(new StringWriter(), new StringWriter()));
        await _cli.Work.HangsAsync("work");
        await UntilOutAsync("r1/work/1  running      command", "query", "list");
        await SayAsync("r1/work/1: paused\n", "pause", "r1/work");
        await UntilOutAsync("r1/work/1  paused       command", "query", "list");
        await SayAsync("r1/work/1: resumed\n", "resume", "r1/work/1");
        Assert.Equal(ExitCodes.Refused, await _cli.RunAsync("query", "model", "r1/work", "default/x"));
        Assert.Contains("is no conversation with a model; it can be paused, resumed and terminated", _cli.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Refused, await _cli.RunAsync("query", "budget", "r1/work", "run", "tokens", "5"));
        Assert.Equal(ExitCodes.NotFound, await _cli.RunAsync("query", "show", "r1/work"));
        await SayAsync("r1/work/1: terminated\n", "terminate", "r1/work");
        Assert.NotEqual(ExitCodes.Ok, await run.WaitAsync(TimeSpan.FromSeconds(60)));
        Assert.Equal(ExitCodes.Ok, await _cli.RunAsync("cost", "r1"));
        Assert.Equal("Cost of run r1\n\nNo model was called.\n", _cli.Out);
    }

    [Fact]
    public async Task What_is_not_there_is_said_plainly()
    {
        _cli.File("plan.yaml", "plan: demo\ntasks:\n  - { id: a, run: fail }\n  - { id: b, needs: [a], run: ok }\n");
        await _cli.RunAsync("run", "--id", "r1", "-q", "--no-report");
        foreach (var (code, says, args) in new[]
        {
            (ExitCodes.Usage, "'r1' names no query: write RUN/TASK", new[] { "pause", "r1" }),
            (ExitCodes.RunNotFound, "r9", ["show", "r9/a"]),
            (ExitCodes.NotFound, "run r1 has no task 'z'", ["show", "r1/z"]),
            (ExitCodes.Refused, "task 'b' of run r1 has not begun", ["terminate", "r1/b"]),
            (ExitCodes.Usage, "say what?", ["execute", "r1/a", "say"]),
            (ExitCodes.Usage, "there is no permission mode 'wild'", ["permission", "r1/a", "wild"]),
            (ExitCodes.Usage, "'x' is no amount", ["budget", "r1/a", "run", "tokens", "x"]),
            (ExitCodes.Refused, "refuse", ["pause", "r1/a"]),
        })
        {
            Assert.Equal(code, await _cli.RunAsync(["query", .. args]));
            if (says != "refuse") Assert.Contains(says, _cli.Error, StringComparison.Ordinal);
            Assert.NotEqual("", _cli.Error);
        }

        Assert.Equal(ExitCodes.RunNotFound, await _cli.RunAsync("cost", "r9"));
    }

    [Fact]
    public async Task The_cost_of_a_run_is_told_by_agent_model_and_phase_with_its_budgets()
    {
        await EndAsync(await StartAsync());
        Assert.Equal(ExitCodes.Ok, await _cli.RunAsync("cost", "last"));
        Assert.Matches("(?m)^thinker +1 +1000 +5000 +200 ", _cli.Out);
        Assert.Matches("(?m)^default/claude-haiku-4-5 +1 ", _cli.Out);
        Assert.Contains("  the run          6200 of 100000 tokens (6 %), then pause\n", _cli.Out, StringComparison.Ordinal);
        Assert.Contains("  agent 'thinker'  1 of 9 calls (11 %), then fail\n", _cli.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("Forecast", _cli.Out, StringComparison.Ordinal);
        await _cli.RunAsync("cost", "last", "--json");
        using var report = JsonDocument.Parse(_cli.Out);
        var total = report.RootElement.GetProperty("total");
        Assert.Equal((1, 5000), (total.GetProperty("calls").GetInt32(), total.GetProperty("cache_read_tokens").GetInt64()));
        Assert.True(total.GetProperty("cost_usd").GetDecimal() > 0 && total.GetProperty("saved_usd").GetDecimal() > 0);
        Assert.Equal("default/claude-haiku-4-5", report.RootElement.GetProperty("by_model")[0].GetProperty("name").GetString());
        Assert.Equal(2, report.RootElement.GetProperty("budgets").GetArrayLength());
    }

    [Fact]
    public async Task A_model_without_a_price_is_warned_of()
    {
        _cli.Environment["SKEP_MODEL"] = "homegrown";
        await EndAsync(await StartAsync());
        await _cli.RunAsync("cost", "last");
        Assert.Contains("Unknown price: default/homegrown.", _cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_script_is_served_until_a_signal_and_what_answers_is_written_down()
    {
        _cli.File("script.yaml", "script: one\nrules:\n  - answer: forty-two\n");
        _cli.File("plan.yaml", Plan);
        var output = new StringWriter();
        var server = new Harness.Signalled(_cli);
        var serving = server.RunAsync(output, "testing", "serve", "script.yaml", "--ready-file", "address");
        var file = Path.Combine(_cli.Project, "address");
        using (var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60)))
            while (!File.Exists(file) && !serving.IsCompleted)
            {
                patience.Token.ThrowIfCancellationRequested();
                await Task.Yield();
            }

        Assert.False(serving.IsCompleted, server.Error.ToString());
        Environment(File.ReadAllText(file).Trim() + "/v1", "openai");
        Assert.Equal(ExitCodes.Ok, await _cli.RunAsync("run", "--id", "r1", "-q", "--no-report"));
        server.Signals.Send(ExitCodes.Interrupted);
        Assert.Equal(ExitCodes.Ok, await serving.WaitAsync(TimeSpan.FromSeconds(60)));
        Assert.Equal("answered 1 requests\n", server.Error.ToString());
    }

    [Theory]
    [InlineData("missing.yaml", "cannot read 'missing.yaml'")]
    [InlineData("broken.yaml", "broken.yaml: ")]
    public async Task A_script_that_cannot_be_served_is_told_why(string script, string says)
    {
        _cli.File("broken.yaml", "script: one\nrules: 7\n");
        Assert.Equal(ExitCodes.Usage, await _cli.RunAsync("testing", "serve", script));
        Assert.Contains(says, _cli.Error, StringComparison.Ordinal);
    }

    /// <summary>Starts a run whose model answers the first turn only after <see cref="EndAsync"/>.</summary>
    private async Task<Task<int>> StartAsync(Action<ScriptBuilder>? script = null, StringWriter? output = null)
    {
        _server = await ScriptedModelServer.StartAsync(ScriptedModel.Build(script ?? (s =>
        {
            s.When(m => m.Turns(0)).Computes(_ => Blocked("forty-two"));
            s.Always().Says("metres then");
        })));
        Environment(_server.BaseUrl.AbsoluteUri.TrimEnd('/'), "anthropic");
        _cli.File("plan.yaml", Plan);
        var run = SkepProgram.RunAsync(["run", "--id", "r1", "--no-report", .. output is null ? (string[])["-q"] : []], _cli.Context(output ?? new StringWriter(), new StringWriter()));
        if (script is null) await await Task.WhenAny(_asked.Task, run).WaitAsync(TimeSpan.FromSeconds(60));
        Assert.False(run.IsCompleted);
        return run;
    }

    private async Task EndAsync(Task<int> run)
    {
        _go.TrySetResult();
        Assert.Equal(ExitCodes.Ok, await run.WaitAsync(TimeSpan.FromSeconds(60)));
    }

    private ScriptedAnswer Blocked(string text)
    {
        _asked.TrySetResult();
        _go.Task.Wait(TimeSpan.FromSeconds(60));
        return new ScriptedAnswer { Text = text, Usage = new ModelUsage(1000, 200, CacheRead: 5000) };
    }

    private void Environment(string address, string wire)
    {
        _cli.Environment["SKEP_MODEL_BASE_URL"] = address;
        _cli.Environment["SKEP_MODEL_WIRE"] = wire;
        _cli.Environment["SKEP_MODEL_API_KEY"] = "scripted-key";
        _cli.Environment.TryAdd("SKEP_MODEL", "claude-haiku-4-5");
    }

    private async Task SayAsync(string expected, params string[] args)
    {
        var code = await _cli.RunAsync(["query", .. args]);
        Assert.Equal((ExitCodes.Ok, expected, ""), (code, _cli.Out, _cli.Error));
    }

    private async Task UntilOutAsync(string part, params string[] args)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        do
        {
            patience.Token.ThrowIfCancellationRequested();
            await _cli.RunAsync(args);
        }
        while (!_cli.Out.Contains(part, StringComparison.Ordinal));
    }
}
