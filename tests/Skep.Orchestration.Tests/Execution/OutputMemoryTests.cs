using Skep.Plans;

namespace Skep.Orchestration.Tests.Execution;

/// <summary>What counts the memory of this whole process runs while no other test does.</summary>
[CollectionDefinition(nameof(AloneCollection), DisableParallelization = true)]
public sealed class AloneCollection;

[Collection(nameof(AloneCollection))]
public sealed class OutputMemoryTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [UnixFact]
    public async Task Output_of_any_length_is_not_kept_in_memory()
    {
        var request = _place.Script("head -c 200000000 /dev/zero | tr '\\0' x") with { Limits = new AgentLimits(OutputBytes: 1_000_000) };
        var before = GC.GetTotalMemory(forceFullCollection: true);

        var result = await _place.ExecuteAsync(request);

        Assert.Equal(AttemptOutcome.Succeeded, result.Outcome);
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 20_000_000);
    }
}
