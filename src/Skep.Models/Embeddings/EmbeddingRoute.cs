using Microsoft.Extensions.AI;
using Skep.Models.Limits;

namespace Skep.Models.Embeddings;

/// <summary>How to reach a model that embeds texts.</summary>
/// <param name="Provider">Name of the provider: what shares rate limits and a circuit breaker.</param>
/// <param name="Model">The model's name at the provider.</param>
/// <param name="Generator">Asks the provider. One call is one request; nothing is retried.</param>
/// <param name="Gate">Shared with all calls of the provider, those of chats included.</param>
public sealed record EmbeddingRoute(string Provider, string Model, IEmbeddingGenerator<string, Embedding<float>> Generator, IProviderGate Gate);
