using System.Buffers.Binary;

namespace Skep.Vectors.Collections;

/// <summary>A hash of keys that is the same in every process, because tables of it lie in files; seeded, so that nobody can choose keys that collide.</summary>
internal static class KeyHash
{
    private const ulong Spread = 0x9E37_79B9_7F4A_7C15, Fold = 0xD6E8_FEB8_6659_FD93;

    public static uint Of(ReadOnlySpan<byte> key, ulong seed)
    {
        var hash = seed ^ ((ulong)key.Length * Spread);
        for (; key.Length >= sizeof(ulong); key = key[sizeof(ulong)..]) hash = Mixed(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(key));
        ulong rest = 0;
        for (var i = 0; i < key.Length; i++) rest |= (ulong)key[i] << (8 * i);
        hash = Mixed(hash ^ rest ^ Spread);
        return (uint)(hash ^ (hash >> 32));
    }

    /// <summary>Both halves of a product: each bit of the input reaches about half of the output's.</summary>
    private static ulong Mixed(ulong x)
    {
        var high = Math.BigMul(x ^ Spread, Fold, out var low);
        return high ^ low ^ (x >> 29);
    }
}
