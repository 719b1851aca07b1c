using System.Diagnostics;
using System.Text;
using Skep.Plans;

namespace Skep.Bench;

/// <summary>Reading and checking a plan of 100,000 tasks.</summary>
internal static class CheckPlan
{
    public static Task RunAsync(Table table)
    {
        var text = Text(100_000);
        PlanReader.Read(Text(2000));
        var clock = Stopwatch.StartNew();
        var result = PlanReader.Read(text);
        var seconds = clock.Elapsed.TotalSeconds;
        if (!result.IsValid) throw new InvalidOperationException(result.Diagnostics[0].Message);
        clock.Restart();
        var parser = new YamlDotNet.Core.Parser(new StringReader(text));
        while (parser.MoveNext())
        {
            // The baseline: the events of the YAML library alone.
        }

        var events = clock.Elapsed.TotalSeconds;
        table.Row($"check a plan of 100,000 tasks ({text.Length / 1e6:0.0} MB)", $"{seconds:0.00} s", $"YAML events alone {events:0.00} s", seconds / events, "< 2 s", seconds < 2);
        return Task.CompletedTask;
    }

    private static string Text(int tasks)
    {
        var text = new StringBuilder("plan: big\nphases:\n- id: p\n  tasks:\n");
        for (var i = 0; i < tasks; i++)
        {
            text.Append("  - id: t").Append(i).Append("\n    run: \"true\"\n");
            if (i > 0) text.Append("    needs: [t").Append(i / 2).Append("]\n");
        }

        return text.ToString();
    }
}
