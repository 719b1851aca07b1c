using System.Diagnostics;
using System.Text.Json;

namespace Skep.Cli.Tests;

/// <summary>Control over coding agents from the command line. The CLI is a shell script.</summary>
public sealed class QueryCodingTests : IDisposable
{
    private readonly Harness _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task A_coding_agent_is_listed_paused_moved_to_another_model_shown_and_terminated()
    {
        Prepare();
        var run = SkepProgram.RunAsync(["run", "--id", "r1", "-q", "--no-report"], _cli.Context(new StringWriter(), new StringWriter()));
        await UntilOutAsync("agent: at work", "query", "show", "r1/work");
        await _cli.RunAsync("query", "list");
        Assert.Matches("(?m)^r1/work/1  running      test/old  .*\n", _cli.Out);
        await SayAsync("r1/work/1: paused\n", "pause", "r1/work");
        await UntilOutAsync("r1/work/1  paused       test/old", "query", "list");
        await SayAsync("r1/work/1: test/new answers the next turn\n", "model", "r1/work", "test/new");
        Assert.Equal(ExitCodes.Refused, await _cli.RunAsync("query", "execute", "r1/work", "say", "hurry"));
        Assert.Contains("a coding agent knows no 'say'", _cli.Error, StringComparison.Ordinal);
        await UntilOutAsync("process 1 is gone", "query", "show", "r1/work");
        await SayAsync("r1/work/1: resumed\n", "resume", "r1/work/1");
        await UntilOutAsync("process 2 of its CLI takes up session", "query", "history", "r1/work");
        Assert.Contains("test/new answers instead of test/old", _cli.Out, StringComparison.Ordinal);
        await SayAsync("r1/work/1: terminated\n", "terminate", "r1/work");
        Assert.NotEqual(ExitCodes.Ok, await run.WaitAsync(TimeSpan.FromSeconds(60)));
        await _cli.RunAsync("query", "list", "--all", "--json");
        using var list = JsonDocument.Parse(_cli.Out);
        var only = Assert.Single(list.RootElement.EnumerateArray());
        Assert.Equal(("r1/work/1", "terminated", "test/new"), (only.GetProperty("query").GetString(), only.GetProperty("state").GetString(), only.GetProperty("model").GetString()));
    }

    [Fact]
    public async Task What_a_coding_agent_has_submitted_is_listed_and_taken_back()
    {
        Prepare("""
            printf '{"type":"system","subtype":"init","session_id":"%s"}\n' "$1"
            echo x > new
            printf '{"type":"result","subtype":"success","is_error":false,"result":"done"}\n'
            """, "swarm: { merge: { into: main, check: hang } }");
        await _cli.RunAsync("plan", "check");
        var run = SkepProgram.RunAsync(["run", "--id", "r1", "-q", "--no-report"], _cli.Context(new StringWriter(), new StringWriter()));
        await UntilOutAsync("r1/work/1   main    checking ", "merge", "list", "last");
        Assert.True(await _cli.RunAsync("merge", "withdraw", "r1/work") == ExitCodes.Ok, _cli.Error);
        Assert.Equal("r1/work/1: withdrawn\n", _cli.Out);
        Assert.NotEqual(ExitCodes.Ok, await run.WaitAsync(TimeSpan.FromSeconds(60)));
        await _cli.RunAsync("merge", "list", "r1", "--json");
        using var list = JsonDocument.Parse(_cli.Out);
        Assert.Equal(("withdrawn", "skep/r1/work/1"), (list.RootElement[0].GetProperty("state").GetString(), list.RootElement[0].GetProperty("branch").GetString()));
        await _cli.RunAsync("query", "list", "--all");
        Assert.Contains("r1/work/1  error        test/old", _cli.Out, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Ok, await _cli.RunAsync("merge", "withdraw", "r1/work/1"));
        _cli.File("plan.yaml", "plan: demo\ntasks:\n  - { id: a, run: ok }\n");
        await _cli.RunAsync("run", "--id", "r2", "-q", "--no-report");
        Assert.Equal(ExitCodes.Ok, await _cli.RunAsync("merge", "list", "r2"));
        Assert.Equal("nothing was submitted\n", _cli.Out);
        Assert.Equal(ExitCodes.Refused, await _cli.RunAsync("merge", "withdraw", "r2/a"));
        Assert.Contains("'r2/a/1' has submitted nothing to a merge queue", _cli.Error, StringComparison.Ordinal);
    }

    private const string AtWork = """
        printf '{"type":"system","subtype":"init","session_id":"%s"}\n' "$1"
        printf '{"type":"assistant","message":{"id":"m-%s","content":[{"type":"text","text":"at work"}]}}\n' $$
        exec sleep 1000
        """;

    private void Prepare(string does = AtWork, string swarm = "swarm: {}")
    {
        _cli.File("plan.yaml", $$"""
            plan: demo
            {{swarm}}
            agents:
              coder: { executor: coding-cli, uses: fake, model: test/old }
            tasks:
              - { id: work, agent: coder, prompt: Work. }
            """);
        var script = _cli.File("cli.sh", $"cat > /dev/null\n{does}\n");
        _cli.File("adapters/fake.yaml", $"""
            program: sh
            start: [{script}, "{"{session}"}"]
            resume: [{script}, "{"{session}"}"]
            model: [--model, "{"{model}"}"]
            stream: stream-json
            """);
        Git("init", "--quiet", "--initial-branch=main");
        Git("add", ".");
        Git("-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "base");
    }

    private void Git(params string[] args)
    {
        using var git = Process.Start(new ProcessStartInfo("git", args) { WorkingDirectory = _cli.Project })!;
        git.WaitForExit();
        Assert.Equal(0, git.ExitCode);
    }

    private async Task SayAsync(string said, params string[] args)
    {
        Assert.True(await _cli.RunAsync(["query", .. args]) == ExitCodes.Ok, _cli.Error);
        Assert.Equal(said, _cli.Out);
    }

    private async Task UntilOutAsync(string text, params string[] args)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        do
        {
            patience.Token.ThrowIfCancellationRequested();
            await _cli.RunAsync(args);
            await Task.Yield();
        }
        while (!_cli.Out.Contains(text, StringComparison.Ordinal));
    }
}
