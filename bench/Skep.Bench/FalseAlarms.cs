using System.Globalization;
using Skep.Orchestration.Benchmarking;

namespace Skep.Bench;

/// <summary>
/// How often the rule of benchmark gates raises an alarm on unchanged code, and how often it finds a real slow-down. Reports are measured one
/// after the other by real processes; each is compared with the one before it, as with a stored baseline. Three ways to measure are compared:
/// all samples from one process, one sample (the median of its rounds) from each of several processes, and the same in processor time.
/// </summary>
internal static class FalseAlarms
{
    private const int Comparisons = 200;
    private const int SlowComparisons = 60;
    private const int SamplesOfOneProcess = 20;
    private const int Processes = 10;
    private const int RoundsPerProcess = 5;
    private static readonly double[] SlowDowns = [1.1, 1.25, 1.5];
    private static readonly double[] Margins = [0.05, 0.1];

    public static Task RunAsync(Table table)
    {
        if (!Environment.GetCommandLineArgs().Contains("--cpu")) WallClock(table);
        Rows(table, $"{Processes} processes, one sample each, processor time", slowDown => Several(slowDown, cpu: true));
        return Task.CompletedTask;
    }

    private static void WallClock(Table table)
    {
        Rows(table, $"{SamplesOfOneProcess} samples of one process", slowDown => Kernel.InProcess(SamplesOfOneProcess, slowDown, cpu: false));
        Rows(table, $"{Processes} processes, one sample each", slowDown => Several(slowDown, cpu: false));
    }

    private static double[] Several(double slowDown, bool cpu) =>
        [.. Enumerable.Range(0, Processes).Select(_ => Median(Kernel.InProcess(RoundsPerProcess, slowDown, cpu)))];

    private static void Rows(Table table, string how, Func<double, double[]> measure)
    {
        var unchanged = Enumerable.Range(0, Comparisons + 1).Select(_ => measure(1)).ToList();
        var pairs = unchanged.Zip(unchanged.Skip(1)).ToList();
        var naive = pairs.Count(p => Median(p.Second) > 1.1 * Median(p.First));
        foreach (var margin in Margins)
        {
            var alarms = pairs.Count(p => IsAlarm(p.First, p.Second, margin));
            table.Row($"false alarms, {how}, margin {Percent(margin)}", Rate(alarms, pairs.Count), $"medians over 10 %: {Rate(naive, pairs.Count)}", null, "≤ 1 %", alarms <= 0.01 * pairs.Count);
        }

        foreach (var slow in SlowDowns)
        {
            // Slow reports take turns with fresh unchanged ones, so that both see the same weather.
            var slowPairs = Enumerable.Range(0, SlowComparisons).Select(_ => (Before: measure(1), Now: measure(slow))).ToList();
            foreach (var margin in Margins)
            {
                var found = slowPairs.Count(p => IsAlarm(p.Before, p.Now, margin));
                table.Row($"slow-down of {Percent(slow - 1)} found, {how}, margin {Percent(margin)}", Rate(found, slowPairs.Count), "", null, "", null);
            }
        }
    }

    private static bool IsAlarm(double[] before, double[] now, double margin) =>
        RegressionRule.Compare([new SamplePair(Kernel.Name, before, now)], margin, higherIsBetter: false)[0].Regressed;

    private static double Median(double[] samples) => RegressionRule.Median([.. samples.Order()]);

    private static string Rate(int found, int of) => string.Create(CultureInfo.InvariantCulture, $"{100.0 * found / of:0.0} % ({found} of {of})");

    private static string Percent(double share) => (100 * share).ToString("0", CultureInfo.InvariantCulture) + " %";
}
