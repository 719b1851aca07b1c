using System.Diagnostics;
using System.Globalization;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Skep.Numerics;

namespace Skep.Bench;

/// <summary>Measures the kernels at the level of this process. Prints the level, then a line per kernel: name, unit, figures, the baseline's figures, what that is.</summary>
/// <remarks>Rows that fit the first-level cache, one call each, the best of many rounds: what the arithmetic costs. Rows from memory are measured apart.</remarks>
internal static unsafe class NumericsLevel
{
    public const string Verb = "numerics-level";

    private const int Rows = 8;
    private const int Rounds = 25;
    private static readonly int[] Dimensions = [384, 768, 1536];
    private static readonly float* X = Floats(1), Y = Floats(2);
    private static readonly byte* A = Bytes(3), B = Bytes(4);

    /// <summary>What keeps results from being optimised away.</summary>
    private static double _sink;

    private delegate double Body(int row, int dimensions);

    public static void Run()
    {
        Console.WriteLine(Simd.Description);
        Print("an empty call (in every figure of these)", (r, d) => r + d, (r, d) => r, "another");
        Print("dot, f32", (r, d) => VectorDistance.Dot(X + (r * d), Y, d), (r, d) => TensorPrimitives.Dot(F(X, r, d), F(Y, 0, d)), "TensorPrimitives");
        Print("squared L2, f32", (r, d) => VectorDistance.SquaredL2(X + (r * d), Y, d), (r, d) => TensorPrimitives.Distance(F(X, r, d), F(Y, 0, d)), "TensorPrimitives, with root");
        Print("L1, f32", (r, d) => VectorDistance.L1(X + (r * d), Y, d), (r, d) => ScalarReference.L1(F(X, r, d), F(Y, 0, d)), "scalar");
        Print("cosine, f32", (r, d) => VectorDistance.CosineSimilarity(F(X, r, d), F(Y, 0, d)), (r, d) => TensorPrimitives.CosineSimilarity(F(X, r, d), F(Y, 0, d)), "TensorPrimitives");
        Print("dot, 7-bit codes", (r, d) => CodeDistance.DotU7(A + (r * d), B, d), (r, d) => ScalarReference.Dot(U(A, r, d), U(B, 0, d)), "scalar");
        Print("squared L2, 7-bit codes", (r, d) => CodeDistance.SquaredL2U7(A + (r * d), B, d), (r, d) => ScalarReference.SquaredL2(U(A, r, d), U(B, 0, d)), "scalar");
        Print("dot, 8-bit codes", (r, d) => CodeDistance.DotI8((sbyte*)A + (r * d), (sbyte*)B, d), (r, d) => ScalarReference.Dot(S(A, r, d), S(B, 0, d)), "scalar");
        Print("squared L2, 8-bit codes", (r, d) => CodeDistance.SquaredL2I8((sbyte*)A + (r * d), (sbyte*)B, d), (r, d) => ScalarReference.SquaredL2(S(A, r, d), S(B, 0, d)), "scalar");
        Print("dot, u8 query × 4-bit codes", (r, d) => CodeDistance.DotU4(B, A + (r * d), d), (r, d) => ScalarReference.Dot(U(A, r, d), U(B, 0, d)), "scalar, unpacked");
        Print("dot, 4-bit codes", (r, d) => CodeDistance.DotU4U4(A + (r * d), B, d / 2), (r, d) => ScalarReference.Dot(U(A, r, d), U(B, 0, d)), "scalar, unpacked");
        Print("Hamming, 1 bit", (r, d) => BitDistance.Hamming((ulong*)(A + (r * d)), (ulong*)B, d / 64), (r, d) => TensorPrimitives.HammingBitDistance(U(A, r, d / 8), U(B, 0, d / 8)), "TensorPrimitives");
        Print("1-bit code × 4-bit query", (r, d) => BitDistance.DotPlanes((ulong*)(A + (r * d)), (ulong*)B, d / 64), (r, d) => ScalarReference.Dot(U(A, r, d), U(B, 0, d)), "scalar, unpacked");
        var (halves, singles, codes) = (new Half[1536], new float[1536], new byte[1536]);
        Print("f16 to f32", (_, d) => { HalfPrecision.ToSingle(halves.AsSpan(0, d), singles); return singles[0]; }, (_, d) => { TensorPrimitives.ConvertToSingle(halves.AsSpan(0, d), singles); return singles[0]; }, "TensorPrimitives");
        Print("f32 to f16", (_, d) => { HalfPrecision.ToHalf(F(X, 0, d), halves); return 0; }, (_, d) => { TensorPrimitives.ConvertToHalf(F(X, 0, d), halves); return 0; }, "TensorPrimitives");
        Print("f32 to 7-bit codes", (_, d) => { ScalarQuantizer.ToU7(F(X, 0, d), 127, 0, codes); return codes[0]; }, (_, d) => { Quantize(F(X, 0, d), codes); return codes[0]; }, "scalar");
        FromMemory();
        Selection();
    }

    /// <summary>Rows in random order of a matrix that no cache holds, as a graph walk asks for them: all at once, and one call each.</summary>
    private static void FromMemory()
    {
        const int Count = 100_000, D = 384, Asked = 64;
        var rows = (float*)NativeMemory.AlignedAlloc((nuint)Count * D * sizeof(float), 64);
        new Span<float>(rows, Count * D).Fill(0.5f);
        var (random, ids, results) = (new Random(7), new int[Asked], new float[Asked]);
        void Shuffle()
        {
            foreach (ref var id in ids.AsSpan()) id = random.Next(Count);
        }

        var many = Best(2_000, _ => { Shuffle(); VectorDistance.DotMany(Y, D, rows, D, ids, results); return results[0]; });
        var single = Best(2_000, _ =>
        {
            Shuffle();
            for (var i = 0; i < Asked; i++) results[i] = VectorDistance.Dot(Y, rows + ((nint)ids[i] * D), D);
            return results[0];
        });
        Line("dot of 64 random rows of 100,000 × 384, f32, per row", "ns", [many / Asked], [single / Asked], "one call each");
        var codes = (byte*)rows;
        var sums = new int[Asked];
        var manyCodes = Best(2_000, _ => { Shuffle(); CodeDistance.DotU7Many(B, D, codes, D * sizeof(float), ids, sums); return sums[0]; });
        var singleCodes = Best(2_000, _ =>
        {
            Shuffle();
            for (var i = 0; i < Asked; i++) sums[i] = CodeDistance.DotU7(B, codes + ((nint)ids[i] * D * sizeof(float)), D);
            return sums[0];
        });
        Line("the same, 7-bit codes", "ns", [manyCodes / Asked], [singleCodes / Asked], "one call each");
        NativeMemory.AlignedFree(rows);
    }

    private static void Selection()
    {
        var scores = Enumerable.Range(0, 100_000).Select(i => (float)new Random(i).NextDouble()).ToArray();
        var (ids, chosen) = (new int[10], new float[10]);
        var ours = Best(50, _ => TopK.Smallest(scores, ids, chosen)) / 1000;
        var sorted = Best(3, _ =>
        {
            var (keys, order) = ((float[])scores.Clone(), Enumerable.Range(0, scores.Length).ToArray());
            Array.Sort(keys, order);
            return order[0];
        }) / 1000;
        Line("the 10 smallest of 100,000", "µs", [ours], [sorted], "Array.Sort");
    }

    private static void Quantize(ReadOnlySpan<float> values, Span<byte> codes)
    {
        for (var i = 0; i < values.Length; i++) codes[i] = (byte)Math.Round(Math.Clamp(values[i] * 127, 0, 127), MidpointRounding.ToEven);
    }

    private static void Print(string name, Body ours, Body baseline, string what) =>
        Line(name, "ns", [.. Dimensions.Select(d => Best(2_000, i => ours(i % Rows, d)))], [.. Dimensions.Select(d => Best(2_000, i => baseline(i % Rows, d)))], what);

    private static void Line(string name, string unit, double[] ours, double[] baseline, string what) =>
        Console.WriteLine($"{name}\t{unit}\t{Cell(ours)}\t{Cell(baseline)}\t{what}");

    private static string Cell(double[] values) => string.Join(' ', values.Select(v => v.ToString("R", CultureInfo.InvariantCulture)));

    /// <summary>Nanoseconds a call in the best round. A round that is clearly faster than all before asks for as many more: others that use the machine let go of it now and then.</summary>
    private static double Best(int calls, Func<int, double> body)
    {
        var (best, settled) = (double.MaxValue, 0);
        for (var round = 0; settled < Rounds && round < 20 * Rounds; round++)
        {
            var began = Stopwatch.GetTimestamp();
            for (var i = 0; i < calls; i++) _sink += body(i);
            var time = Stopwatch.GetElapsedTime(began).TotalNanoseconds / calls;
            settled = time < best * 0.97 ? 0 : settled + 1;
            best = Math.Min(best, time);
        }

        return best;
    }

    private static ReadOnlySpan<float> F(float* start, int row, int dimensions) => new(start + (row * dimensions), dimensions);

    private static ReadOnlySpan<byte> U(byte* start, int row, int dimensions) => new(start + (row * dimensions), dimensions);

    private static ReadOnlySpan<sbyte> S(byte* start, int row, int dimensions) => new(start + (row * dimensions), dimensions);

    private static float* Floats(int seed)
    {
        var values = (float*)NativeMemory.AlignedAlloc(Rows * 1536 * sizeof(float), 64);
        var random = new Random(seed);
        for (var i = 0; i < Rows * 1536; i++) values[i] = (float)random.NextDouble();
        return values;
    }

    private static byte* Bytes(int seed)
    {
        var values = (byte*)NativeMemory.AlignedAlloc(Rows * 1536, 64);
        var random = new Random(seed);
        for (var i = 0; i < Rows * 1536; i++) values[i] = (byte)random.Next(128);
        return values;
    }
}
