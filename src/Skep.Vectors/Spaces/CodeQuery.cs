using System.Runtime.InteropServices;

namespace Skep.Vectors.Spaces;

/// <summary>What stands before the codes of a prepared query: distance = <see cref="Offset"/> + a row's own part − <see cref="Scale"/> · the integer product.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct CodeQuery
{
    /// <summary>Bytes kept for it, so that the codes behind it are aligned.</summary>
    public const int Bytes = 64;

    public float Offset;
    public float Scale;
}
