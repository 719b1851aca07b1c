using System.Diagnostics;

namespace Skep.Bench.Searching;

/// <summary>How long calls took, in milliseconds, in the order in which they were made.</summary>
internal sealed class SearchTimes
{
    private readonly List<double> _times = [];

    public double P50 => At(50);

    public double P99 => At(99);

    public static async Task<SearchTimes> OfAsync(int times, Func<int, Task> call)
    {
        var all = new SearchTimes();
        for (var i = 0; i < times; i++)
        {
            var began = Stopwatch.GetTimestamp();
            await call(i);
            all._times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }

        return all;
    }

    public static SearchTimes Of(int times, Action<int> call) => OfAsync(times, i =>
    {
        call(i);
        return Task.CompletedTask;
    }).GetAwaiter().GetResult();

    /// <summary>The medians of stretches of a thousand.</summary>
    public List<double> Thousands() => [.. _times.Chunk(1_000).Select(static c => c.Order().ElementAt(c.Length / 2))];

    private double At(int percent) => _times.Order().ElementAt(Math.Min(_times.Count - 1, _times.Count * percent / 100));
}
