using Skep.Orchestration.Output;

namespace Skep.Orchestration.Agents;

/// <summary>Keeps secrets out of what an agent says while it works.</summary>
internal sealed class MaskedAttemptContext(IAttemptContext inner, SecretMasker masker) : IAttemptContext
{
    /// <inheritdoc />
    public TimeProvider Time => inner.Time;

    /// <inheritdoc />
    public void Heartbeat() => inner.Heartbeat();

    /// <inheritdoc />
    public void Progress(string line) => inner.Progress(masker.MaskText(line));

    /// <inheritdoc />
    public bool IsLeaving => inner.IsLeaving;

    /// <inheritdoc />
    public void Used(AttemptUsage usage) => inner.Used(usage);

    /// <inheritdoc />
    public void Waiting(bool waits) => inner.Waiting(waits);

    /// <inheritdoc />
    public void OnSuspend(Action<bool> handler) => inner.OnSuspend(handler);
}
