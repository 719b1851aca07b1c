using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Skep.Testing;

namespace Skep.Crash;

/// <summary>
/// Agents that talk to a scripted model at the same time. In each turn a model asks for one to three tools, whose effects can be counted: an entry of
/// memory of its own, a line that is put into a ledger (an edit that leaves one line more each time that it is made), a message. The answer is a hash of
/// what the tools said, so that it shows a result that came out otherwise.
/// </summary>
internal static class ChatCrashPlan
{
    public const int Agents = 4;

    /// <summary>Turns that ask for tools; one more gives the answer.</summary>
    public const int Turns = 12;

    /// <summary>Who gets the messages.</summary>
    public const string Reader = "watcher";

    private static readonly Pace Pace = new() { First = TimeSpan.FromMilliseconds(15), Pieces = 6, Delay = TimeSpan.FromMilliseconds(4) };

    public static string Text()
    {
        var text = new StringBuilder("plan: chat-crash\nswarm: { max_concurrency: 4, max_agents: 8 }\nagents:\n  shell: { executor: command, role: Adds up }\n");
        for (var i = 0; i < Agents; i++)
            text.Append(CultureInfo.InvariantCulture, $"  a{i}: {{ executor: chat, role: Keeps a ledger, tools: [write_file, edit_file, memory_write, notify], memory: [\"swarm/crash/\"], permission_mode: accept-edits }}\n");
        text.Append("tasks:\n");
        for (var i = 0; i < Agents; i++) text.Append(CultureInfo.InvariantCulture, $"  - {{ id: t{i}, agent: a{i}, prompt: Keep the ledger t{i}. }}\n");
        var all = Enumerable.Range(0, Agents).ToList();
        text.Append(CultureInfo.InvariantCulture, $"  - id: sum\n    agent: shell\n    shell: true\n    needs: [{string.Join(", ", all.Select(i => $"t{i}"))}]\n");
        text.Append(CultureInfo.InvariantCulture, $"    env: {{ {string.Join(", ", all.Select(i => $"A{i}: \"${{tasks.t{i}.outputs.answer}}\""))} }}\n");
        text.Append(CultureInfo.InvariantCulture, $"    run: echo \"sum={string.Join(' ', all.Select(i => $"$A{i}"))}\" >> \"$SKEP_OUTPUT\"\n");
        return text.ToString();
    }

    /// <summary>The answer comes slowly, so that the run does not end before the last kill.</summary>
    private static readonly Pace LastPace = Pace with { First = TimeSpan.FromSeconds(1) };

    /// <summary>The model.</summary>
    /// <param name="asked">Called for each request.</param>
    public static ScriptedModel Model(Action asked) => ScriptedModel.Build(
        script =>
        {
            script.Name = "ledgers";
            script.Pace = Pace;
            ScriptedAnswer Said(ModelRequest request)
            {
                asked();
                return Answer(request);
            }

            script.When(m => m.ToolResult("memory_write", $"/{Turns - 1}'")).Computes(Said).Paced(LastPace);
            script.Always().Computes(Said);
        },
        new ScriptedModelOptions { AgentOf = AgentOf });

    /// <summary>Entry of memory that a task writes in a turn.</summary>
    public static string Entry(string task, int turn) => $"swarm/crash/{task}/{turn}";

    /// <summary>The ledger of a task when all its turns are over.</summary>
    public static string Ledger(string task) => string.Concat(Enumerable.Range(0, Turns).Where(HasLine).Select(turn => $"{task} turn {turn}\n")) + "END\n";

    /// <summary>The messages of a task, in order.</summary>
    public static IEnumerable<string> Messages(string task) => Enumerable.Range(0, Turns).Where(HasMessage).Select(turn => $"{task} says {turn}");

    private static bool HasLine(int turn) => turn % 3 != 0;

    private static bool HasMessage(int turn) => turn % 3 == 2;

    /// <summary>The attempt: the key of a call without the call's number.</summary>
    private static string? AgentOf(IReadOnlyDictionary<string, string> headers) =>
        headers.TryGetValue("Idempotency-Key", out var key) && key.LastIndexOf('/') is > 0 and var at ? key[..at] : null;

    private static ScriptedAnswer Answer(ModelRequest request)
    {
        var (task, turn) = (request.Agent!.Split('/')[1], request.Turns);
        if (turn >= Turns) return ScriptedAnswer.Say($"{task}:{Results(request)}");
        List<ScriptedCall> calls = [new("memory_write", $$"""{"path":"{{Entry(task, turn)}}","value":"{{task}} has come to turn {{turn}}"}""")];
        if (turn == 0) calls.Add(new("write_file", $$"""{"path":"{{task}}.ledger","content":"END\n"}"""));
        if (HasLine(turn)) calls.Add(new("edit_file", $$"""{"path":"{{task}}.ledger","old_text":"END","new_text":"{{task}} turn {{turn}}\nEND"}"""));
        if (HasMessage(turn)) calls.Add(new("notify", $$"""{"to":["{{Reader}}"],"text":"{{task}} says {{turn}}"}"""));
        return new ScriptedAnswer { Text = $"This is turn {turn} of the ledger {task}, and I write down what there is to be written down.", Calls = calls };
    }

    /// <summary>A call that is delivered again says less: neither the version that it has stored, nor notes. All else must be the same.</summary>
    private static string Results(ModelRequest request)
    {
        var all = string.Join('\n', request.Messages.SelectMany(m => m.Results).Select(r => r.Text.Split('\n')[0].Replace(", version 1", "", StringComparison.Ordinal)));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(all)))[..16];
    }
}
