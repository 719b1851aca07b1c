namespace Skep.Models.Limits;

/// <summary>How things stand at a provider's gate.</summary>
/// <param name="Waiting">Calls that wait for a turn.</param>
/// <param name="InFlight">Calls at the provider.</param>
/// <param name="HeldFor">How long the provider still asks to be left alone; zero: it does not.</param>
/// <param name="PacedAt">Requests a minute that the provider's refusals taught; null: as many as the limits allow.</param>
/// <param name="CircuitOpenFor">How long its circuit stays open; null: it is closed, or about to be probed.</param>
/// <param name="RequestsPerMinute">Limit of requests that is kept.</param>
/// <param name="TokensPerMinute">Limit of tokens that is kept.</param>
public sealed record GateStatus(
    int Waiting, int InFlight, TimeSpan HeldFor, double? PacedAt, TimeSpan? CircuitOpenFor, int? RequestsPerMinute, long? TokensPerMinute);
