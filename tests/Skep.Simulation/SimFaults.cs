namespace Skep.Simulation;

/// <summary>How much goes wrong in one simulated run. Drawn from the seed, so that some runs are calm and some are storms.</summary>
internal sealed record SimFaults(double Crash, double DiskFailure, double Rival, double Silent, double Hang, double Fail, double Late, double Twice, double OutOfOrder, double Garbage, double Deaf, double Control, double Block, double Agents)
{
    public static readonly SimFaults None = new(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    public static SimFaults Draw(SimRandom random)
    {
        double Rate(double most) => random.Chance(0.5) ? 0 : most * random.Below(1000) / 1000;
        return new SimFaults(Rate(0.03), Rate(0.03), Rate(0.02), Rate(0.1), Rate(0.1), Rate(0.25), Rate(0.1), Rate(0.2), Rate(0.2), Rate(0.1), Rate(0.3), Rate(0.05), Rate(0.3), Rate(0.1));
    }
}
