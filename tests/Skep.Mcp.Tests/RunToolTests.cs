using System.Collections.Concurrent;
using ModelContextProtocol;
using Skep.Orchestration;

namespace Skep.Mcp.Tests;

public sealed class RunToolTests
{
    private const string Three = """
        plan: three
        tasks:
          - { id: one, shell: true, run: "echo one > one.txt" }
          - { id: two, needs: one, shell: true, run: "echo two > two.txt" }
          - { id: three, needs: two, shell: true, run: "echo three > three.txt" }
        """;

    /// <summary>Waits until a file appears, so that tests decide when a task ends.</summary>
    private const string Gated = """
        plan: gated
        tasks:
          - { id: first, shell: true, run: "true" }
          - { id: hold, needs: first, shell: true, run: "while [ ! -e go ]; do sleep 0.05; done" }
        """;

    [Fact]
    public async Task A_plan_is_checked_with_every_finding_at_its_place()
    {
        await using var rig = await McpRig.StartAsync();
        var bad = await rig.CallAsync("plan_check", new { plan = "plan: p\ntasks:\n  - { id: a, needs: nobody, run: true }\n  - { id: a, run: true }\n" });
        Assert.False(bad.GetProperty("valid").GetBoolean());
        Assert.Contains(bad.GetProperty("findings").EnumerateArray(), f => f.GetString()!.StartsWith("plan:3:", StringComparison.Ordinal));
        rig.File("plan.yaml", Three);
        var good = await rig.CallAsync("plan_check", new { file = "plan.yaml" });
        Assert.Equal((true, 3), (good.GetProperty("valid").GetBoolean(), good.GetProperty("tasks").GetInt32()));
        Assert.Empty((await rig.CallAsync("run_list")).GetProperty("runs").EnumerateArray());
    }

    [Fact]
    public async Task A_schedule_tells_the_critical_path()
    {
        await using var rig = await McpRig.StartAsync();
        var facts = await rig.CallAsync("plan_schedule", new { plan = "plan: p\ntasks:\n  - { id: a, run: x, estimate: 10s }\n  - { id: b, needs: a, run: x, estimate: 20s }\n  - { id: c, run: x, estimate: 1s }\n", max_concurrency = 2 });
        Assert.Equal(30, facts.GetProperty("seconds").GetDouble());
        Assert.Equal(["a", "b"], facts.GetProperty("critical_path").EnumerateArray().Select(e => e.GetString()));
    }

    [Fact]
    public async Task A_run_really_runs_and_tells_its_progress()
    {
        await using var rig = await McpRig.StartAsync();
        var told = new ConcurrentQueue<ProgressNotificationValue>();
        var result = await rig.TryAsync("run_start", new { plan = Three, id = "r1", wait = 60 }, new Catcher(told));
        var facts = result.StructuredContent!.Value;
        Assert.Equal(("r1", "succeeded", 3), (facts.GetProperty("run").GetString(), facts.GetProperty("status").GetString(), facts.GetProperty("settled").GetInt32()));
        Assert.True(File.Exists(Path.Combine(rig.Root, "three.txt")));
        Assert.Equal(RunStatus.Succeeded, rig.Run("r1").Status);
        Assert.NotEmpty(told);
        Assert.All(told, t => Assert.Equal(3, t.Total));

        Assert.Equal("r1", (await rig.CallAsync("run_list")).GetProperty("runs")[0].GetProperty("run").GetString());
        Assert.Equal("succeeded", (await rig.CallAsync("run_status", new { run = "r1" })).GetProperty("status").GetString());
        var task = await rig.CallAsync("run_status", new { run = "last", task = "two" });
        Assert.Equal("succeeded", task.GetProperty("tries")[0].GetProperty("outcome").GetString());
        var events = await rig.CallAsync("run_events", new { run = "r1", limit = 3 });
        Assert.Equal("run-started", events.GetProperty("events")[0].GetProperty("type").GetString());
        var later = await rig.CallAsync("run_events", new { run = "r1", from = events.GetProperty("next").GetInt32(), limit = 200 });
        Assert.Equal("run-ended", later.GetProperty("events").EnumerateArray().Last().GetProperty("type").GetString());
        Assert.Contains("r1", (await rig.CallAsync("run_report", new { run = "r1" })).GetProperty("markdown").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plan_that_is_not_valid_starts_nothing()
    {
        await using var rig = await McpRig.StartAsync();
        Assert.Contains("nothing was started", await rig.RefuseAsync("run_start", new { plan = "plan: p\ntasks: [ { id: a, needs: b, run: x } ]" }), StringComparison.Ordinal);
        Assert.Contains("no variable 'colour'", await rig.RefuseAsync("run_start", new { plan = Three, vars = new { colour = "red" } }), StringComparison.Ordinal);
        Assert.Empty((await rig.CallAsync("run_list")).GetProperty("runs").EnumerateArray());
    }

    [Fact]
    public async Task Giving_up_the_call_gives_up_waiting_and_not_the_run()
    {
        await using var rig = await McpRig.StartAsync();
        using var patience = new CancellationTokenSource();
        var waiting = rig.TryAsync("run_start", new { plan = Gated, id = "r1", wait = 600 }, new Catcher(null, _ => patience.Cancel()), patience.Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        rig.File("go", "");
        Assert.Equal("succeeded", (await rig.CallAsync("run_status", new { run = "r1", wait = 60 })).GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_run_is_paused_continued_cancelled_and_tried_again()
    {
        await using var rig = await McpRig.StartAsync();
        await rig.CallAsync("run_start", new { plan = Gated, id = "r1" });
        Assert.Equal("paused", (await rig.CallAsync("run_control", new { run = "r1", action = "pause" })).GetProperty("status").GetString());
        Assert.Equal(RunStatus.Paused, rig.Run("r1").Status);
        await rig.CallAsync("run_control", new { run = "r1", action = "continue" });
        Assert.Equal(RunStatus.Running, rig.Run("r1").Status);
        Assert.Contains("is being worked on already", await rig.RefuseAsync("run_control", new { run = "r1", action = "continue" }), StringComparison.Ordinal);
        await rig.CallAsync("run_control", new { run = "r1", action = "cancel", reason = "enough" });
        Assert.Equal("cancelled", (await rig.CallAsync("run_status", new { run = "r1", wait = 60 })).GetProperty("status").GetString());
        Assert.Contains("action retry", await rig.RefuseAsync("run_control", new { run = "r1", action = "continue" }), StringComparison.Ordinal);
        rig.File("go", "");
        Assert.Equal("succeeded", (await rig.CallAsync("run_control", new { run = "r1", action = "retry", wait = 60 })).GetProperty("status").GetString());
        Assert.Equal(RunStatus.Succeeded, rig.Run("r1").Status);
    }

    [Fact]
    public async Task A_run_that_was_interrupted_is_taken_up_again()
    {
        await using (var first = await McpRig.StartAsync(s => s with { IdleAfter = TimeSpan.FromMinutes(10) }))
        {
            await first.CallAsync("run_start", new { plan = Gated, id = "r1" });
            await first.Server.DisposeAsync();
            await using var second = await McpRig.StartAsync(root: first.Root);
            Assert.Equal("interrupted", (await second.CallAsync("run_status", new { run = "r1" })).GetProperty("status").GetString());
            second.File("go", "");
            Assert.Equal("succeeded", (await second.CallAsync("run_control", new { run = "r1", action = "continue", wait = 60 })).GetProperty("status").GetString());
        }
    }

    [Fact]
    public async Task A_gate_is_voted_on_and_a_question_answered()
    {
        const string Plan = """
            plan: asks
            agents:
              person: { executor: human, role: Decides }
            phases:
              - id: all
                tasks:
                  - { id: colour, agent: person, ask: "Which colour?" }
                gates:
                  - { id: sign-off, approve: { of: [boss], ask: "Is it good?" } }
            """;
        await using var rig = await McpRig.StartAsync();
        var started = await rig.CallAsync("run_start", new { plan = Plan, id = "r1", wait = 60 });
        Assert.Equal("Which colour?", started.GetProperty("awaits_answers")[0].GetProperty("question").GetString());
        await rig.CallAsync("run_answer", new { run = "r1", task = "colour", text = "amber" });
        var waiting = await rig.CallAsync("run_status", new { run = "r1", wait = 60 });
        Assert.Equal("sign-off", waiting.GetProperty("awaits_votes")[0].GetProperty("gate").GetString()!.Split('.')[^1]);
        Assert.Contains("run_answer", await rig.RefuseAsync("run_approve", new { run = "r1", gate = "colour", role = "boss", approved = true }), StringComparison.Ordinal);
        await rig.CallAsync("run_approve", new { run = "r1", gate = waiting.GetProperty("awaits_votes")[0].GetProperty("gate").GetString(), role = "boss", approved = true });
        Assert.Equal("succeeded", (await rig.CallAsync("run_status", new { run = "r1", wait = 60 })).GetProperty("status").GetString());
        var state = rig.Run("r1");
        Assert.Equal("tester", state.Nodes.Single(n => n.Gate is not null).Votes[0].By);
        Assert.Contains("amber", state.Find("colour")!.Outputs.Values);
    }

    [Fact]
    public async Task An_agent_of_a_run_neither_votes_nor_answers_for_people()
    {
        await using var rig = await McpRig.StartAsync(s => s with { Agent = "r0/task/1" });
        await rig.CallAsync("run_start", new { plan = Gated, id = "r1" });
        Assert.Contains("agents do not vote", await rig.RefuseAsync("run_approve", new { run = "r1", gate = "g", role = "boss", approved = true }), StringComparison.Ordinal);
        Assert.Contains("agents do not answer for people", await rig.RefuseAsync("run_answer", new { run = "r1", task = "hold" }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_held_a_run_up_and_totals_come_from_its_log()
    {
        const string Plan = """
            plan: slow
            swarm: { max_concurrency: 1 }
            tasks:
              - { id: long, shell: true, run: "sleep 0.4" }
              - { id: short, shell: true, run: "sleep 0.05" }
              - { id: flaky, shell: true, run: "[ -e again ] || { touch again; exit 1; }", retry: { attempts: 2, backoff: 1ms } }
            """;
        await using var rig = await McpRig.StartAsync();
        await rig.CallAsync("run_start", new { plan = Plan, id = "r1", wait = 60 });
        var found = await rig.CallAsync("bottleneck_analyze");
        Assert.Equal("r1", found.GetProperty("run").GetString());
        Assert.Contains(found.GetProperty("longest_work").EnumerateArray(), t => t.GetProperty("task").GetString() == "long");
        Assert.Equal("flaky", found.GetProperty("tried_again")[0].GetProperty("task").GetString());
        Assert.NotEmpty(found.GetProperty("critical_path").EnumerateArray());
        var narrow = await rig.CallAsync("bottleneck_analyze", new { component = "flaky", metrics = new[] { "retries" } });
        Assert.False(narrow.TryGetProperty("critical_path", out _));
        Assert.Contains("'nothing' is no run", await rig.RefuseAsync("bottleneck_analyze", new { component = "nothing" }), StringComparison.Ordinal);

        var report = await rig.CallAsync("performance_report", new { format = "detailed" });
        Assert.Equal((1, 4, 1), (report.GetProperty("runs").GetInt32(), report.GetProperty("attempts").GetInt32(), report.GetProperty("retries").GetInt32()));
        Assert.Equal("r1", report.GetProperty("each")[0].GetProperty("run").GetString());
        Assert.False((await rig.CallAsync("performance_report")).TryGetProperty("each", out _));
    }

    [Fact]
    public async Task Runs_reports_and_memory_are_resources()
    {
        await using var rig = await McpRig.StartAsync();
        await rig.CallAsync("run_start", new { plan = Three, id = "r1", wait = 60 });
        await rig.CallAsync("memory_usage", new { action = "store", key = "plan", value = "dance", @namespace = "bees" });
        Assert.Contains(await rig.Client.ListResourcesAsync(), r => r.Uri == "skep://runs/r1/report");
        Assert.Equal(3, (await rig.Client.ListResourceTemplatesAsync()).Count);
        Assert.Contains("\"run\":\"r1\"", await ReadAsync(rig, "skep://runs"), StringComparison.Ordinal);
        Assert.Contains("\"status\":\"succeeded\"", await ReadAsync(rig, "skep://runs/r1"), StringComparison.Ordinal);
        Assert.Contains("r1", await ReadAsync(rig, "skep://runs/last/report"), StringComparison.Ordinal);
        Assert.Equal("dance", await ReadAsync(rig, "skep://memory/bees/plan"));
        var gone = await Assert.ThrowsAsync<McpProtocolException>(() => ReadAsync(rig, "skep://memory/bees/nothing"));
        Assert.Contains("there is no entry 'bees/nothing'", gone.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prompts_plan_a_goal_and_review_a_run()
    {
        await using var rig = await McpRig.StartAsync();
        await rig.CallAsync("run_start", new { plan = Three, id = "r1", wait = 60 });
        Assert.Equal(["plan_goal", "review_run"], (await rig.Client.ListPromptsAsync()).Select(p => p.Name));
        Assert.Contains("feed the bees", await PromptAsync(rig, "plan_goal", "goal", "feed the bees"), StringComparison.Ordinal);
        Assert.Contains("Review run r1", await PromptAsync(rig, "review_run", "run", "r1"), StringComparison.Ordinal);
        await Assert.ThrowsAsync<McpProtocolException>(() => PromptAsync(rig, "review_run", "run", "nowhere"));
    }

    private static async Task<string> ReadAsync(McpRig rig, string uri) =>
        ((ModelContextProtocol.Protocol.TextResourceContents)(await rig.Client.ReadResourceAsync(uri)).Contents[0]).Text;

    private static async Task<string> PromptAsync(McpRig rig, string name, string argument, string value)
    {
        var prompt = await rig.Client.GetPromptAsync(name, new Dictionary<string, object?> { [argument] = value });
        return ((ModelContextProtocol.Protocol.TextContentBlock)prompt.Messages[0].Content).Text;
    }

    /// <summary>Progress as it comes, on the thread that brings it.</summary>
    private sealed class Catcher(ConcurrentQueue<ProgressNotificationValue>? told, Action<ProgressNotificationValue>? also = null) : IProgress<ProgressNotificationValue>
    {
        public void Report(ProgressNotificationValue value)
        {
            told?.Enqueue(value);
            also?.Invoke(value);
        }
    }
}
