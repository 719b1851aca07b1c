using System.Diagnostics;
using Skep.Vectors;

namespace Skep.Bench.Vectors;

/// <summary>
/// What several threads answer together within a window of time in which each of them is busy from beginning to end: all have answered every query once
/// before it begins. The peers are measured in the same way (peers-workers.mjs).
/// </summary>
internal static class SharedWindow
{
    private const double Seconds = 1, LeadSeconds = 0.05;
    private const int Tries = 5;

    /// <summary>Queries per second; anew where one of the threads was late.</summary>
    public static double Qps(VectorIndex index, VectorData data, int queries, int ef, int threads)
    {
        for (var i = 0; i < Tries; i++)
        {
            var (from, to) = (0L, 0L);
            using var start = new Barrier(threads, _ =>
            {
                from = Stopwatch.GetTimestamp() + (long)(LeadSeconds * Stopwatch.Frequency);
                to = from + (long)(Seconds * Stopwatch.Frequency);
            });
            var work = Enumerable.Range(0, threads).Select(_ => Task.Factory.StartNew(
                () =>
                {
                    var hits = new VectorHit[VectorData.K];
                    for (var q = 0; q < queries; q++) index.Search(data.Query(q), hits, new SearchSettings { Ef = ef });
                    start.SignalAndWait();
                    return Busy(index, data, queries, ef, from, to);
                },
                CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray();
            var told = Task.WhenAll(work).GetAwaiter().GetResult();
            if (told.All(t => t.Began <= from)) return told.Sum(t => t.Answered) / Seconds;
        }

        throw new InvalidOperationException($"in {Tries} windows of {Seconds} s not all threads were busy from the beginning: the machine does too much else");
    }

    private static (long Began, int Answered) Busy(VectorIndex index, VectorData data, int queries, int ef, long from, long to)
    {
        var hits = new VectorHit[VectorData.K];
        var settings = new SearchSettings { Ef = ef };
        var began = Stopwatch.GetTimestamp();
        var answered = 0;
        for (var (q, now) = (0, began); now < to; q = (q + 1) % queries)
        {
            index.Search(data.Query(q), hits, settings);
            now = Stopwatch.GetTimestamp();
            if (now > from && now <= to) answered++;
        }

        return (began, answered);
    }
}
