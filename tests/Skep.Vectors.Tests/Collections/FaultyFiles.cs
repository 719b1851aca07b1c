using Microsoft.Win32.SafeHandles;
using Skep.Vectors.Collections;

namespace Skep.Vectors.Tests.Collections;

/// <summary>A disk that is full after so many writes, that loses its power between two of them, or that does not sync.</summary>
internal sealed class FaultyFiles : FileSystem
{
    private const int NoSpace = 28, InputOutput = 5;

    /// <summary>Writes that still succeed.</summary>
    public int WritesLeft { get; set; } = int.MaxValue;

    public bool FailSyncs { get; set; }

    public bool FailCuts { get; set; }

    public override SafeFileHandle Create(string path)
    {
        Spend();
        return base.Create(path);
    }

    public override void Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, long offset)
    {
        try
        {
            Spend();
        }
        catch (IOException)
        {
            // A full disk takes what still fits.
            base.Write(file, bytes[..(bytes.Length / 2)], offset);
            throw;
        }

        base.Write(file, bytes, offset);
    }

    public override void Move(string from, string to)
    {
        Spend();
        base.Move(from, to);
    }

    public override void Sync(SafeFileHandle file)
    {
        if (FailSyncs) throw new IOException("Input/output error", InputOutput);
        base.Sync(file);
    }

    public override void Cut(SafeFileHandle file, long length)
    {
        if (FailCuts) throw new IOException("Input/output error", InputOutput);
        base.Cut(file, length);
    }

    private void Spend()
    {
        if (WritesLeft == 0) throw new IOException("No space left on device", NoSpace);
        WritesLeft--;
    }
}
