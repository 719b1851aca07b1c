using Skep.Orchestration.Benchmarking;

namespace Skep.Bench;

/// <summary>Measures the kernel for a benchmark gate: one sample from each of several processes, written as the gate reads it.</summary>
internal static class JsonReport
{
    private const int Processes = 12;
    private const int RoundsPerProcess = 3;

    public static void Write(string path, double slowDown, bool cpu)
    {
        var samples = Enumerable.Range(0, Processes).Select(_ => RegressionRule.Median([.. Kernel.InProcess(RoundsPerProcess, slowDown, cpu).Order()])).ToList();
        File.WriteAllBytes(path, Measurements.Write([new Measured(Kernel.Name, "ms", samples)]));
        Console.WriteLine($"{samples.Count} samples of {Kernel.Name} written to {path}");
    }
}
