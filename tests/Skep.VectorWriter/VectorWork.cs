using Skep.Vectors;
using Skep.Vectors.Collections;
using Skep.Vectors.Filtering;
using Skep.Vectors.Graph;

namespace Skep.VectorWriter;

/// <summary>The work of the crash test: each writer has keys of its own and does its steps in order, so that whoever knows how many of them were acknowledged knows what must be there.</summary>
public static class VectorWork
{
    public const int Dimension = 32;

    public const int Writers = 3;

    private const int KeysOfWriter = 1_700, MostInBatch = 40;

    /// <summary>How the collection is opened, by writers and checkers.</summary>
    public static CollectionOptions Options { get; } = new()
    {
        Index = new VectorIndexOptions { Dimension = Dimension, MaxRows = 200_000, GraphFrom = 100, Graph = new HnswOptions { M = 16, EfConstruction = 100 } },
        CompactAfterLogBytes = 150_000,
    };

    /// <summary>What a writer does in one step.</summary>
    /// <param name="Upserts">Records that are put in.</param>
    /// <param name="Deletes">Keys that are taken out, where nothing is put in.</param>
    public sealed record Step(IReadOnlyList<VectorRecord> Upserts, IReadOnlyList<string> Deletes);

    /// <summary>A writer's step: the same whenever it is asked for.</summary>
    public static Step StepOf(int writer, int number)
    {
        var random = new Random((number * 31) + writer);
        var keys = Enumerable.Range(0, random.Next(1, MostInBatch)).Select(_ => $"w{writer}-{random.Next(KeysOfWriter)}").Distinct().ToList();
        return random.Next(4) == 0 ? new Step([], keys) : new Step([.. keys.Select(key => Record(key, number))], []);
    }

    /// <summary>The record that a step stored under a key.</summary>
    public static VectorRecord Record(string key, int number) => new(key, Vector(key, number), new FieldValues { ["step"] = number, ["key"] = key });

    private static float[] Vector(string key, int number)
    {
        var seed = number;
        foreach (var c in key) seed = unchecked((seed * 397) ^ c);
        var random = new Random(seed);
        var vector = new float[Dimension];
        double squares = 0;
        for (var i = 0; i < Dimension; i++)
        {
            vector[i] = (float)(random.NextDouble() - 0.5);
            squares += vector[i] * vector[i];
        }

        // As the collection keeps it.
        for (var i = 0; i < Dimension; i++) vector[i] = (float)(vector[i] / Math.Sqrt(squares));
        return vector;
    }
}
