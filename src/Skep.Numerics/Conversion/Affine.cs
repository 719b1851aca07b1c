using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Skep.Numerics;

/// <summary>(x − offset) · scale for the element at i, at every width.</summary>
internal interface IAffine
{
    Vector512<float> At(Vector512<float> x, nuint i);

    Vector256<float> At(Vector256<float> x, nuint i);

    Vector128<float> At(Vector128<float> x, nuint i);

    float At(float x, nuint i);
}

/// <summary>One scale and offset for all.</summary>
internal readonly struct Global(float scale, float offset) : IAffine
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> At(Vector512<float> x, nuint i) => (x - Vector512.Create(offset)) * Vector512.Create(scale);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<float> At(Vector256<float> x, nuint i) => (x - Vector256.Create(offset)) * Vector256.Create(scale);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector128<float> At(Vector128<float> x, nuint i) => (x - Vector128.Create(offset)) * Vector128.Create(scale);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float At(float x, nuint i) => (x - offset) * scale;
}

/// <summary>A scale and offset per element.</summary>
internal readonly ref struct PerElement : IAffine
{
    private readonly ref float _scale;
    private readonly ref float _offset;

    private PerElement(ref float scale, ref float offset)
    {
        _scale = ref scale;
        _offset = ref offset;
    }

    public static PerElement Of(ReadOnlySpan<float> values, ReadOnlySpan<float> scales, ReadOnlySpan<float> offsets)
    {
        Guard.Length(scales.Length, values.Length, nameof(scales));
        Guard.Length(offsets.Length, values.Length, nameof(offsets));
        return new PerElement(ref MemoryMarshal.GetReference(scales), ref MemoryMarshal.GetReference(offsets));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> At(Vector512<float> x, nuint i) => (x - Vector512.LoadUnsafe(ref _offset, i)) * Vector512.LoadUnsafe(ref _scale, i);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<float> At(Vector256<float> x, nuint i) => (x - Vector256.LoadUnsafe(ref _offset, i)) * Vector256.LoadUnsafe(ref _scale, i);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector128<float> At(Vector128<float> x, nuint i) => (x - Vector128.LoadUnsafe(ref _offset, i)) * Vector128.LoadUnsafe(ref _scale, i);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float At(float x, nuint i) => (x - Unsafe.Add(ref _offset, i)) * Unsafe.Add(ref _scale, i);
}
