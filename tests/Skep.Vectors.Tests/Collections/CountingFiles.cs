using Microsoft.Win32.SafeHandles;
using Skep.Vectors.Collections;

namespace Skep.Vectors.Tests.Collections;

/// <summary>A disk that counts what the thread that made it reads of a part of a file; the background reads on threads of its own.</summary>
internal sealed class CountingFiles(long from, long to) : FileSystem
{
    private readonly int _thread = Environment.CurrentManagedThreadId;

    /// <summary>Bytes between the two places that this thread has read.</summary>
    public long Bytes { get; private set; }

    public override int Read(SafeFileHandle file, Span<byte> buffer, long offset)
    {
        var read = base.Read(file, buffer, offset);
        if (Environment.CurrentManagedThreadId == _thread) Bytes += Math.Max(0, Math.Min(to, offset + read) - Math.Max(from, offset));
        return read;
    }
}
