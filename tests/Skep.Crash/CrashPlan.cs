using System.Globalization;
using System.Text;

namespace Skep.Crash;

/// <summary>
/// 300 tasks in layers of ten. Each leaves a line in a ledger when it begins and one when it ends, adds up numbers of two tasks before it,
/// and every tenth fails at its first try; every tenth has hooks around it and writes to the folder's memory. What comes out does not depend on
/// what happens on the way.
/// </summary>
internal static class CrashPlan
{
    public const int Tasks = 300;

    /// <summary>The last tasks wait for a file <c>go</c>, so that the run cannot end before the last kill.</summary>
    public const int Held = 20;

    private const int Width = 10;

    public static string Text()
    {
        var text = new StringBuilder("plan: crash\nswarm: { max_concurrency: 4, max_agents: 4 }\ntasks:\n");
        for (var i = 0; i < Tasks; i++) Append(text, i);
        return text.ToString();
    }

    private static void Append(StringBuilder text, int i)
    {
        var (first, second) = (Above(i, 0), Above(i, 3));
        text.Append(CultureInfo.InvariantCulture, $"  - id: t{i}\n    shell: true\n");
        if (i % 10 == 0) text.Append("    retry: { attempts: 3, backoff: 1ms }\n");
        if (i % 10 == 5)
        {
            text.Append(CultureInfo.InvariantCulture, $"    writes: [w{i}]\n    hooks:\n");
            text.Append("      - { on: pre-task, block: true, shell: true, run: 'echo \"pre $SKEP_TASK_ID $SKEP_ATTEMPT\" >> hooks' }\n");
            text.Append("      - { on: post-task, block: true, shell: true, run: 'echo \"post-$SKEP_HOOK_OUTCOME $SKEP_TASK_ID $SKEP_ATTEMPT\" >> hooks' }\n");
        }

        if (i >= Width)
        {
            text.Append(CultureInfo.InvariantCulture, $"    needs: [t{first}, t{second}]\n");
            text.Append(CultureInfo.InvariantCulture, $"    env: {{ A: \"${{tasks.t{first}.outputs.value}}\", B: \"${{tasks.t{second}.outputs.value}}\" }}\n");
        }

        text.Append("    run: |\n      echo \"begin $SKEP_TASK_ID $SKEP_ATTEMPT\" >> ledger\n      sleep 0.05\n");
        if (i >= Tasks - Held) text.Append("      until test -e go; do sleep 0.05; done\n");
        if (i % 10 == 0) text.Append(CultureInfo.InvariantCulture, $"      test -e tried-{i} || {{ touch tried-{i}; exit 1; }}\n");
        text.Append(CultureInfo.InvariantCulture, $"      echo \"value=$(( (${{A:-1}} + 3 * ${{B:-2}} + {i}) % 1000003 ))\" >> \"$SKEP_OUTPUT\"\n");
        if (i % 10 == 5) text.Append(CultureInfo.InvariantCulture, $"      echo \"w{i}=written by t{i}\" >> \"$SKEP_OUTPUT\"\n");
        text.Append("      echo \"end $SKEP_TASK_ID $SKEP_ATTEMPT\" >> ledger\n");
    }

    private static int Above(int i, int shift) => (i / Width - 1) * Width + (i + shift) % Width;
}
