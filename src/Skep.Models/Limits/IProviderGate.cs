namespace Skep.Models.Limits;

/// <summary>
/// Where all calls of one provider pass: it shares the provider's rate among agents, holds everybody back when the provider asks for it, and
/// lets nothing through while its circuit is open.
/// </summary>
public interface IProviderGate
{
    /// <summary>Waits for a turn.</summary>
    /// <param name="agent">Who asks: turns are shared fairly among these names.</param>
    /// <param name="tokens">Tokens that the call is expected to take, input and output.</param>
    /// <param name="cancel">Gives up waiting; the place in the queue is free then.</param>
    /// <exception cref="ModelException">
    /// <see cref="ModelFault.CircuitOpen"/>: the provider failed too often; <see cref="ModelException.RetryAfter"/> says when it is tried again. Or
    /// <see cref="ModelFault.RateLimited"/>: too many wait already.
    /// </exception>
    ValueTask<IProviderTurn> EnterAsync(string agent, long tokens, CancellationToken cancel);
}

/// <summary>A turn at a provider. Exactly one of <see cref="Done"/>, <see cref="Failed"/> and <see cref="Abandoned"/> is called, once; what is called after it changes nothing.</summary>
public interface IProviderTurn
{
    /// <summary>
    /// The provider has begun to answer, so it did not refuse. Need not be called; but after a refusal one call goes alone, and the others wait until it is known to
    /// be let in: this tells them before the whole answer is there.
    /// </summary>
    void Answering()
    {
    }

    /// <summary>The call was answered.</summary>
    /// <param name="tokens">Tokens that it took, or null when nobody knows; then the expectation stands.</param>
    void Done(long? tokens);

    /// <summary>The call failed.</summary>
    void Failed(ModelException fault);

    /// <summary>The call was given up by us. It says nothing about the provider.</summary>
    void Abandoned();
}

/// <summary>A gate without limits, for models that have none.</summary>
public sealed class OpenGate : IProviderGate, IProviderTurn
{
    /// <summary>The only one.</summary>
    public static OpenGate Instance { get; } = new();

    /// <inheritdoc />
    public ValueTask<IProviderTurn> EnterAsync(string agent, long tokens, CancellationToken cancel) =>
        cancel.IsCancellationRequested ? ValueTask.FromCanceled<IProviderTurn>(cancel) : new(this);

    /// <inheritdoc />
    public void Done(long? tokens)
    {
    }

    /// <inheritdoc />
    public void Failed(ModelException fault)
    {
    }

    /// <inheritdoc />
    public void Abandoned()
    {
    }
}
