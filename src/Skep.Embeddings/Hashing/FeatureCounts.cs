using System.Buffers;
using System.Numerics;

namespace Skep.Embeddings.Hashing;

/// <summary>
/// Counts features of one text by their hash, in pooled arrays. It holds <see cref="MaxFeatures"/> and no more: what does not fit is told to the caller, who counts it as new each time.
/// Two features with the same 64-bit hash are one.
/// </summary>
internal struct FeatureCounts : IDisposable
{
    /// <summary>Most features.</summary>
    public const int MaxFeatures = 1 << 16;

    private readonly int _mask;
    private ulong[] _hashes;
    private int[] _counts;

    /// <summary>For a text that may have so many features.</summary>
    public FeatureCounts(int expected)
    {
        var slots = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Clamp(expected, 8, MaxFeatures) * 2);
        _mask = slots - 1;
        _hashes = ArrayPool<ulong>.Shared.Rent(slots);
        _counts = ArrayPool<int>.Shared.Rent(slots);
        _counts.AsSpan(0, slots).Clear();
    }

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>Places that <see cref="At"/> takes.</summary>
    public readonly int Slots => _mask + 1;

    /// <summary>Counts one more of a feature.</summary>
    /// <returns>Its place; -1 when there is no room for a new one.</returns>
    public int Add(ulong hash, out bool isNew)
    {
        isNew = false;
        var slot = (int)hash & _mask;
        while (_counts[slot] != 0)
        {
            if (_hashes[slot] == hash)
            {
                _counts[slot]++;
                return slot;
            }

            slot = (slot + 1) & _mask;
        }

        isNew = true;
        if (Count >= Slots / 2) return -1;
        Count++;
        (_hashes[slot], _counts[slot]) = (hash, 1);
        return slot;
    }

    /// <summary>Whether a feature was counted before.</summary>
    public readonly bool Has(ulong hash)
    {
        for (var slot = (int)hash & _mask; _counts[slot] != 0; slot = (slot + 1) & _mask)
        {
            if (_hashes[slot] == hash) return true;
        }

        return false;
    }

    /// <summary>The feature of a place; its count is 0 when there is none.</summary>
    public readonly (ulong Hash, int Count) At(int slot) => (_hashes[slot], _counts[slot]);

    /// <summary>Gives the arrays back.</summary>
    public void Dispose()
    {
        if (_hashes.Length == 0) return;
        ArrayPool<ulong>.Shared.Return(_hashes);
        ArrayPool<int>.Shared.Return(_counts);
        (_hashes, _counts) = ([], []);
    }
}
