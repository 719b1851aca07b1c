using System.Text.Json;
using System.Text.RegularExpressions;
using Skep.Coding.Merging;
using Skep.Orchestration;
using Skep.Testing;

namespace Skep.Coding.Tests.Agents;

/// <summary>Two real Claude Codes change the same line beside each other. What they do is scripted, on loopback; git, the worktrees and the merge queue are real.</summary>
public sealed partial class ClaudeConflictTests
{
    private const string Plan = """
        plan: p
        swarm: { merge: { into: main, method: rebase, check: grep -q names file } }
        agents:
          coder: { executor: coding-cli, model: anthropic/claude-sonnet-4-5, tools: [Read, Edit, Write], commands: [git cherry-pick, git add], limits: { turns: 12 } }
        tasks:
          - { id: ann, agent: coder, prompt: "Sign the line of names as ann.", retry: { attempts: 2, backoff: 1ms } }
          - { id: bob, agent: coder, prompt: "Sign the line of names as bob.", retry: { attempts: 2, backoff: 1ms } }
        """;

    [ClaudeFact]
    public async Task The_second_of_two_that_change_the_same_line_is_handed_its_conflict_and_resolves_it()
    {
        await using var rig = await CodingRig.CreateAsync();
        using var both = new Barrier(2);
        await using var server = await ScriptedModelServer.StartAsync(ScriptedModel.Build(script =>
        {
            script.When(m => m.Offers("Edit")).Computes(request => new Turn(request, rig, both).Answer());
            script.Always().Says("Names");
        }));
        ClaudeCode.Use(rig, server);

        var state = await rig.RunAsync(Plan);

        Assert.True(state.Status == RunStatus.Succeeded, string.Join('\n', rig.State().Nodes.SelectMany(n => n.Attempts).Select(a => $"{a.Result?.Error}\n{a.Result?.LogTail}")));
        var (first, second) = rig.Node("ann").Attempts.Count == 1 ? ("ann", "bob") : ("bob", "ann");
        Assert.Equal($"names: {first}, {second}", await rig.ShowAsync("main", "file"));
        await AssertHistoryAsync(rig, first, second);
        AssertUsage(rig, first, second);
    }

    /// <summary>Both pieces of work are in the target's history, in their order; what was handed back is where it was.</summary>
    private static async Task AssertHistoryAsync(CodingRig rig, string first, string second)
    {
        Assert.Equal((1, 2), (rig.Node(first).Attempts.Count, rig.Node(second).Attempts.Count));
        var (earlier, later) = (rig.Node(first).Outputs["landed"], rig.Node(second).Outputs["landed"]);
        var tip = (await rig.Git.TipAsync("main", default))!;
        Assert.Equal(tip, later);
        Assert.True(await rig.Git.IsAncestorAsync(earlier, later, default));
        Assert.Equal($"names: {first}", await rig.ShowAsync(earlier, "file"));
        var back = Assert.Single(rig.Entries, e => e.Status == EntryStatus.HandedBack);
        Assert.Equal((second, 2), (back.Task, rig.Entries.Count(e => e.Status == EntryStatus.Landed)));
        Assert.Contains("(conflict): file", rig.Node(second).Attempts[0].Result!.Error!, StringComparison.Ordinal);
        // Its branch and its worktree hold work that is not in main as it stands: both are kept. The others are done with.
        Assert.Equal(back.Commit, await rig.Git.TipAsync(back.Branch, default));
        var kept = Assert.Single(rig.Worktrees);
        Assert.Equal((second, 1), (kept.Worktree.Task, kept.Worktree.Attempt));
        Assert.Equal($"names: {second}\n", await File.ReadAllTextAsync(Path.Combine(kept.Worktree.Path, "file")));
    }

    /// <summary>The streams of the three sessions became facts: turns, tools, tokens and cost.</summary>
    private static void AssertUsage(CodingRig rig, string first, string second)
    {
        var attempts = rig.Node(first).Attempts.Concat(rig.Node(second).Attempts).ToList();
        Assert.All(attempts, a => Assert.True(a.Usage is { Tokens: > 0, CostUsd: > 0, Turns: >= 3 }, $"{a.Usage}"));
        var told = RunReader.Events(rig.Host.Store, "run-1", 1).Select(e => e.Event).OfType<UsageReported>().Select(u => (u.Task, u.Attempt)).Distinct();
        Assert.Equal([(first, 1), (second, 1), (second, 2)], told.OrderBy(u => u.Task == second).ThenBy(u => u.Attempt));
        Assert.Equal(3, new[] { (first, 1), (second, 1), (second, 2) }.Select(a => rig.Sessions.Find("run-1", a.Item1, a.Item2)!.Session).Distinct().Count());
        var log = File.ReadAllText(Path.Combine(rig.Folder.RunPath("run-1"), "logs", $"{second}.2.log"));
        foreach (var tool in new[] { "→ Bash", "→ Read", "→ Write" }) Assert.Contains(tool, log, StringComparison.Ordinal);
    }

    /// <summary>What the model answers to one request of a session.</summary>
    private sealed partial class Turn(ModelRequest request, CodingRig rig, Barrier both)
    {
        private readonly string _told = string.Join('\n', request.Messages.Where(m => m.Role == ModelRole.User).Select(m => m.Text));

        private string Who => _told.Contains("as ann.", StringComparison.Ordinal) ? "ann" : "bob";

        private bool IsSecond => _told.Contains("the merge queue handed its work back", StringComparison.Ordinal);

        private string File => Path.Combine(rig.Folder.RunPath("run-1"), "worktrees", $"{Who}.{(IsSecond ? 2 : 1)}", "file");

        private string Result => request.LastToolResults is [var result, ..] ? result.Text : "";

        public ScriptedAnswer Answer() => IsSecond ? Resolve() : Sign();

        private ScriptedAnswer Sign()
        {
            switch (request.Turns)
            {
                case 0:
                    // Both worktrees are there, and begin at the same commit, before anything can land.
                    return both.SignalAndWait(CodingRig.Patience) ? Call("Read", ("file_path", File)) : ScriptedAnswer.Say("the other one did not come");
                case 1: return Call("Edit", ("file_path", File), ("old_string", "one"), ("new_string", $"names: {Who}"));
                default: return ScriptedAnswer.Say($"{Who} has signed.");
            }
        }

        /// <summary>Does what the evidence advises: brings its earlier work in, looks at the conflict, and keeps both names.</summary>
        private ScriptedAnswer Resolve()
        {
            switch (request.Turns)
            {
                case 0: return Call("Bash", ("command", Advice().Match(_told).Groups["command"].Value), ("description", "Bring the earlier work in"));
                case 1: return Call("Read", ("file_path", File));
                case 2:
                    var there = Theirs().Match(Result).Groups["name"].Value;
                    return there.Length > 0 ? Call("Write", ("file_path", File), ("content", $"names: {there}, {Who}\n")) : ScriptedAnswer.Say($"no conflict is to be seen: {Result}");
                case 3: return Call("Bash", ("command", "git add file"), ("description", "Mark it as resolved"));
                default: return ScriptedAnswer.Say("Both names stand in the line.");
            }
        }

        private static ScriptedAnswer Call(string tool, params (string Name, string Value)[] args) =>
            ScriptedAnswer.Call(tool, JsonSerializer.Serialize(args.ToDictionary(a => a.Name, a => a.Value)));

        [GeneratedRegex(@"'(?<command>git cherry-pick -n [0-9a-f]+\.\.[0-9a-f]+)'", RegexOptions.None, 1000)]
        private static partial Regex Advice();

        [GeneratedRegex(@"<<<<<<<[^\n]*\n[^\n]*names: (?<name>\w+)", RegexOptions.None, 1000)]
        private static partial Regex Theirs();
    }
}
