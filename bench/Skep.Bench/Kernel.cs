using System.Diagnostics;
using System.Security.Cryptography;

namespace Skep.Bench;

/// <summary>A small real kernel, SHA-256 of 64 KiB, timed in a process of its own. Slower by a factor means that much more work, not a sleep.</summary>
internal static class Kernel
{
    public const string Name = "sha256-64KiB";

    /// <summary>Hashes per timed round: a few milliseconds.</summary>
    private const int Hashes = 100;
    private const int Warmups = 5;

    /// <summary>Times rounds in milliseconds: of the wall clock, or of the processor, which others that use it disturb far less.</summary>
    public static double[] Rounds(int rounds, double slowDown, bool cpu)
    {
        var data = new byte[64 * 1024];
        new Random(1).NextBytes(data);
        Span<byte> hash = stackalloc byte[32];
        var hashes = (int)Math.Round(Hashes * slowDown);
        var times = new double[rounds];
        for (var round = -Warmups; round < rounds; round++)
        {
            var start = Now(cpu);
            for (var i = 0; i < hashes; i++)
            {
                SHA256.HashData(data, hash);
                data[0] = hash[0];
            }

            if (round >= 0) times[round] = (Now(cpu) - start).TotalMilliseconds;
        }

        return times;
    }

    /// <summary>The same in a fresh process.</summary>
    public static double[] InProcess(int rounds, double slowDown, bool cpu)
    {
        using var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [.. Host(), "kernel", $"--rounds={rounds}", FormattableString.Invariant($"--slow-down={slowDown}"), cpu ? "--cpu" : "--wall"])
        {
            RedirectStandardOutput = true, UseShellExecute = false,
        })!;
        var text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"the kernel ended with {process.ExitCode}");
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => double.Parse(l, System.Globalization.CultureInfo.InvariantCulture))];
    }

    private static TimeSpan Now(bool cpu) => cpu ? Environment.CpuUsage.TotalTime : Stopwatch.GetElapsedTime(0);

    /// <summary>Where the program runs as <c>dotnet skep-bench.dll</c>, the library has to be named again.</summary>
    internal static string[] Host() =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [Path.Combine(AppContext.BaseDirectory, "skep-bench.dll")] : [];
}
