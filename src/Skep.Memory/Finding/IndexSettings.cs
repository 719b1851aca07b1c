using System.Globalization;
using Skep.Embeddings;
using Skep.Vectors;
using Skep.Vectors.Graph;

namespace Skep.Memory;

/// <summary>How the vectors of a namespace are indexed. Those beneath it have the same unless they have their own.</summary>
public sealed record IndexSettings
{
    /// <summary>What a namespace has when nothing is said.</summary>
    public static IndexSettings Default { get; } = new();

    /// <summary>How often they were changed; 0 for the default.</summary>
    public int Version { get; init; }

    /// <summary>How vectors stand in the memory that is walked.</summary>
    public VectorCodes Codes { get; init; } = VectorCodes.Bits7;

    /// <summary>How far two vectors are from each other. Vectors of length 1 have the cosine.</summary>
    public VectorMetric Metric { get; init; } = VectorMetric.Cosine;

    /// <summary>Links of a vector in the graph, 4 to 64.</summary>
    public int M { get; init; } = 16;

    /// <summary>Candidates that a search keeps at least, 1 to 10,000: more find more of the nearest, slower. The only one that can change without a new index.</summary>
    public int Ef { get; init; } = SearchSettings.DefaultEf;

    /// <summary>For people: <c>bits7, cosine, M 16, ef 96</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{IndexNames.Of(Codes)}, {IndexNames.Of(Metric)}, M {M}, ef {Ef}");

    /// <summary>What the index is made with.</summary>
    internal VectorIndexOptions OptionsFor(EmbeddingModelId model) => new() { Dimension = model.Dimension, Metric = Metric, Codes = Codes, Graph = new HnswOptions { M = M } };

    /// <summary>Throws when vectors of a model cannot be indexed so.</summary>
    internal void RequireFor(EmbeddingModelId model, string name)
    {
        var of = name.Length == 0 ? "the memory" : $"'{MemoryPath.Shown(name)}'";
        if (model.Normalised && Metric != VectorMetric.Cosine)
            throw Bad($"{of} cannot have the metric {IndexNames.Of(Metric)}: its vectors are made by {model.Name}, all of length 1, where every metric gives the order of cosine. Others are for vectors of your own (--model own:NAME:DIMENSIONS)");
        if (Ef is < 1 or > SearchSettings.MaxEf) throw Bad($"{of} cannot have ef {Ef}: it is 1 to {SearchSettings.MaxEf} ({SearchSettings.DefaultEf} suits most)");
        try
        {
            OptionsFor(model).Check();
        }
        catch (VectorException e)
        {
            throw new MemoryException(MemoryFault.InvalidRequest, $"{of} cannot be indexed so: {e.Message}", e);
        }
    }

    private static MemoryException Bad(string message) => new(MemoryFault.InvalidRequest, message);
}

/// <summary>What of a namespace's settings is to change; null for what stays.</summary>
/// <param name="Codes">See <see cref="IndexSettings.Codes"/>.</param>
/// <param name="Metric">See <see cref="IndexSettings.Metric"/>.</param>
/// <param name="M">See <see cref="IndexSettings.M"/>.</param>
/// <param name="Ef">See <see cref="IndexSettings.Ef"/>.</param>
public sealed record IndexChange(VectorCodes? Codes = null, VectorMetric? Metric = null, int? M = null, int? Ef = null)
{
    /// <summary>Reads what people wrote: codes full, bits7, bits4, bit1 or product; metric cosine, l2 or dot.</summary>
    /// <returns>The change; null when all are null.</returns>
    /// <exception cref="MemoryException">A name is unknown; the message names those there are.</exception>
    public static IndexChange? Parse(string? codes, string? metric, int? m, int? ef) =>
        codes is null && metric is null && m is null && ef is null ? null : new(codes is null ? null : IndexNames.Codes(codes), metric is null ? null : IndexNames.Metric(metric), m, ef);

    internal IndexSettings Of(IndexSettings settings) => settings with
    {
        Version = settings.Version + 1,
        Codes = Codes ?? settings.Codes,
        Metric = Metric ?? settings.Metric,
        M = M ?? settings.M,
        Ef = Ef ?? settings.Ef,
    };
}
