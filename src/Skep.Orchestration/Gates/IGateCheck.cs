using Skep.Plans;

namespace Skep.Orchestration;

/// <summary>Checks gates of one kind. The seam for further kinds.</summary>
public interface IGateCheck
{
    /// <summary>The kind; see <see cref="GateKinds"/>.</summary>
    string Kind { get; }

    /// <summary>Whether a check outlives the process, as waiting for people does. One that does not is lost with it, and begun again.</summary>
    bool SurvivesRestart => false;

    /// <summary>
    /// Checks. <see cref="AttemptOutcome.Succeeded"/> means passed, <see cref="AttemptOutcome.Failed"/> not passed; either way
    /// <see cref="AttemptResult.Evidence"/> says what was found.
    /// </summary>
    Task<AttemptResult> CheckAsync(GateRequest request, IAttemptContext context, CancellationToken cancel);
}

/// <summary>What a gate's check gets.</summary>
/// <param name="Gate">The gate, with its expressions resolved.</param>
/// <param name="Attempt">Where and how to run a command, with its expressions resolved.</param>
/// <param name="Metric">For a metric gate: the value that its name stands for when the check starts, or null when nobody reported it.</param>
public sealed record GateRequest(GateSpec Gate, AttemptRequest Attempt, Metric? Metric);
