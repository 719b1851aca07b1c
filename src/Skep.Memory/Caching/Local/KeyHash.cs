namespace Skep.Memory.Caching;

/// <summary>FNV-1a of a key's UTF-16 units, 64 bits: the same in every process, unlike the runtime's, so that what is evicted does not depend on chance.</summary>
internal static class KeyHash
{
    private const ulong Start = 14_695_981_039_346_656_037;
    private const ulong Prime = 1_099_511_628_211;

    internal static ulong Of(string key)
    {
        var hash = Start;
        foreach (var c in key) hash = (hash ^ c) * Prime;
        return hash;
    }
}
