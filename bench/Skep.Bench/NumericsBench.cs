using System.Diagnostics;
using System.Globalization;

namespace Skep.Bench;

/// <summary>The kernels of Skep.Numerics at every level of instructions that this processor has, each level in a process of its own, because the compiler chooses once per process.</summary>
internal static class NumericsBench
{
    private static readonly string[] Knobs = ["", "DOTNET_EnableAVX512", "DOTNET_EnableAVX2", "DOTNET_EnableHWIntrinsic"];

    /// <summary>Nanoseconds at 384, 768 and 1,536 dimensions, at the processor's best level; from the project's specification.</summary>
    private static readonly Dictionary<string, double[]> Goals = new(StringComparer.Ordinal)
    {
        ["dot, f32"] = [45, 55],
        ["dot, 7-bit codes"] = [20, 20],
        ["Hamming, 1 bit"] = [15, 15],
    };

    public static Task RunAsync(Table table)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var knob in Knobs)
        {
            var lines = Level(knob);
            if (!seen.Add(lines[0])) continue;
            foreach (var line in lines[1..]) Row(table, lines[0], line.Split('\t'), best: seen.Count == 1);
        }

        return Task.CompletedTask;
    }

    private static void Row(Table table, string level, string[] cells, bool best)
    {
        var (name, unit, ours, theirs, what) = (cells[0], cells[1], Numbers(cells[2]), Numbers(cells[3]), cells[4]);
        var goal = best ? Goals.GetValueOrDefault(name) : null;
        table.Row(
            $"{name} · {level}",
            $"{Joined(ours)} {unit}",
            $"{Joined(theirs)} ({what})",
            ours[0] / theirs[0],
            goal is null ? "" : $"≤ {Joined(goal)} ns at 384 / 768",
            goal is null ? null : goal.Zip(ours).All(pair => pair.Second <= pair.First));
    }

    private static string Joined(double[] values) => string.Join(" / ", values.Select(v => v.ToString(v < 100 ? "0.0" : "N0", CultureInfo.InvariantCulture)));

    private static double[] Numbers(string cell) => [.. cell.Split(' ').Select(n => double.Parse(n, CultureInfo.InvariantCulture))];

    private static string[] Level(string knob)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, [.. Kernel.Host(), NumericsLevel.Verb]) { RedirectStandardOutput = true, UseShellExecute = false };
        // Optimised at once, also the calling loops: on a busy machine the compiler may take seconds to come back to them.
        start.Environment["DOTNET_TieredCompilation"] = "0";
        if (knob.Length > 0) start.Environment[knob] = "0";
        using var process = Process.Start(start)!;
        var text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"the measurement with {knob}=0 ended with {process.ExitCode}");
        return text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
