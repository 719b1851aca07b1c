namespace Skep.Memory.Caching;

/// <summary>An entry of the cache in process, as the eviction policy sees it: a link of one of its queues.</summary>
internal abstract class S3Node(string key, int size)
{
    /// <summary>Uses beyond this are not told apart.</summary>
    internal const byte MostUses = 3;

    private byte _uses;

    internal string Key { get; } = key;

    /// <summary>Bytes it counts for.</summary>
    internal int Size { get; set; } = size;

    /// <summary>Uses since it was last looked at for eviction, up to <see cref="MostUses"/>.</summary>
    internal byte Uses => _uses;

    /// <summary>The queue it stands in; null in none.</summary>
    internal S3Queue? Queue { get; set; }

    internal S3Node? Previous { get; set; }

    internal S3Node? Next { get; set; }

    /// <summary>Notes a use. Readers call it without a lock: a use that gets lost between two of them costs nothing but a little accuracy.</summary>
    internal void Use()
    {
        if (_uses < MostUses) _uses++;
    }

    internal void ForgetUse()
    {
        if (_uses > 0) _uses--;
    }
}
