using Skep.Storage;

namespace Skep.Orchestration;

/// <summary>Something that attaches to a host and lives as long: executors and requests that keep tables of their own.</summary>
public interface IHostExtension
{
    /// <summary>Its tables.</summary>
    IReadOnlyList<StoreModule> Modules { get; }

    /// <summary>Attaches to a host whose store, memory and blobs are open; no run has been started.</summary>
    HostParts Attach(SkepHost host);
}

/// <summary>What an extension brings. Parts that are <see cref="IAsyncDisposable"/> are disposed of when the host has stopped its runs.</summary>
/// <param name="Executors">Further executors; one of a built-in kind replaces it.</param>
/// <param name="Families">Further kinds of requests.</param>
public sealed record HostParts(IReadOnlyList<IExecutor> Executors, IReadOnlyList<IRequestFamily> Families);
