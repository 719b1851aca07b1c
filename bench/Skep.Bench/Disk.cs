using System.Diagnostics;
using Skep.Storage;

namespace Skep.Bench;

/// <summary>What the disk does by itself.</summary>
internal static class Disk
{
    /// <summary>Mean seconds of appending 4 KiB to a file and flushing it.</summary>
    public static double FlushSeconds(string directory, int times)
    {
        var path = Path.Combine(directory, "flush");
        using var file = File.OpenHandle(path, FileMode.Create, FileAccess.ReadWrite);
        var block = new byte[4096];
        for (var i = 0; i < 20; i++) Append(i);
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < times; i++) Append(i + 20);
        return clock.Elapsed.TotalSeconds / times;

        void Append(int i)
        {
            RandomAccess.Write(file, block, i * 4096L);
            RandomAccess.FlushToDisk(file);
        }
    }

    /// <summary>Mean seconds of one append of one event of 300 bytes to the log, one after the other.</summary>
    public static async Task<double> AppendSecondsAsync(IEventLog store, string stream, int times)
    {
        var payload = new byte[300];
        var clock = new Stopwatch();
        for (var i = 0; i < times + 20; i++)
        {
            if (i == 20) clock.Start();
            await store.AppendAsync(new Append(stream, i, [new NewEvent("bench", 1, 0, payload)]));
        }

        return clock.Elapsed.TotalSeconds / times;
    }
}
