using System.Numerics;

namespace Skep.Embeddings.Hashing;

/// <summary>
/// A hash of short texts that is the same on every machine and for ever: vectors that were stored years ago must meet those made today. Multiply and rotate for each UTF-16 unit,
/// then a finaliser that lets every bit of the input reach every bit of the hash. Not for secrets.
/// </summary>
internal static class FeatureHash
{
    private const ulong First = 0x9E3779B97F4A7C15;
    private const ulong Second = 0xC2B2AE3D27D4EB4F;
    private const ulong Third = 0x165667B19E3779F9;

    /// <summary>The hash of a text; equal texts of different kinds have different hashes.</summary>
    public static ulong Of(ReadOnlySpan<char> text, ulong kind)
    {
        var hash = (kind * First) ^ ((ulong)text.Length * Second);
        foreach (var c in text) hash = BitOperations.RotateLeft((hash ^ c) * Second, 29);
        return Finish(hash);
    }

    /// <summary>The hash of a pair in its order.</summary>
    public static ulong Of(ulong first, ulong second) => Finish((BitOperations.RotateLeft(first, 23) * First) ^ (second * Second));

    private static ulong Finish(ulong hash)
    {
        hash = (hash ^ (hash >> 33)) * Third;
        hash = (hash ^ (hash >> 29)) * Second;
        return hash ^ (hash >> 32);
    }
}
