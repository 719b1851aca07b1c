namespace Skep.Testing.Wire;

/// <summary>A request as a host read it.</summary>
/// <param name="Method">The method.</param>
/// <param name="Path">The path without a query.</param>
/// <param name="Headers">The headers, names without regard to case.</param>
/// <param name="Body">The body.</param>
internal sealed record WireRequest(string Method, string Path, IReadOnlyDictionary<string, string> Headers, ReadOnlyMemory<byte> Body)
{
    /// <summary>A header, or null.</summary>
    public string? Header(string name) => Headers.GetValueOrDefault(name);
}
