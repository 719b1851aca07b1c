using Skep.Memory.Finding;

namespace Skep.Memory;

/// <summary>
/// Keeps the index of words in memory from one <see cref="MemorySearch"/> to the next of the same process: a server that gives its folder back between calls need not
/// read all entries again. Keeps one folder's. Thread-safe.
/// </summary>
public sealed class KeptTexts
{
    private readonly Lock _gate = new();
    private Kept? _kept;
    private int _searches;

    /// <summary>Counts a search, and tells how many there were.</summary>
    internal int Searched() => Interlocked.Increment(ref _searches);

    /// <summary>Takes what was kept of a folder; null when there is nothing. Nobody else has it then.</summary>
    internal Kept? Take(string folder)
    {
        lock (_gate)
        {
            if (_kept?.Folder != folder) return null;
            var kept = _kept;
            _kept = null;
            return kept;
        }
    }

    /// <summary>Keeps rows for the next search.</summary>
    internal void Keep(Kept kept)
    {
        lock (_gate) _kept = kept;
    }

    /// <summary>What is kept.</summary>
    /// <param name="Folder">Of which folder.</param>
    /// <param name="Mark">What the change at the rows' revision was: another memory has another one there.</param>
    /// <param name="Rows">The rows, perhaps not all yet; null when they would be too large.</param>
    internal sealed record Kept(string Folder, string? Mark, TextRows? Rows);
}
