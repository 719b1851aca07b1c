using System.Text.Json.Serialization;
using Skep.Memory.Patterns.Statistics;

namespace Skep.Memory.Patterns.Causes;

/// <summary>What an edge rests on.</summary>
public enum EdgeBasis
{
    /// <summary>What was recorded, whoever chose the actions: an association. Not an experiment.</summary>
    [JsonStringEnumMemberName("observed")]
    Observed = 0,

    /// <summary>Only episodes whose actions were assigned at random: an experiment.</summary>
    [JsonStringEnumMemberName("randomised")]
    Randomised = 1,
}

/// <summary>An edge from something that was done, or was so, to how things ended, with the counts that it is computed from.</summary>
public sealed record CausalEdge
{
    /// <summary>Among episodes of this kind; null among those without one.</summary>
    public string? Kind { get; init; }

    /// <summary><c>action:</c> and an action, normalised, or <c>tag:</c> and a tag.</summary>
    public required string Cause { get; init; }

    /// <summary><c>success</c>, or an effect that episodes recorded.</summary>
    public required string Effect { get; init; }

    /// <summary>What it rests on.</summary>
    public required EdgeBasis Basis { get; init; }

    /// <summary>Tries with the cause and the effect.</summary>
    public required long WithEffect { get; init; }

    /// <summary>Tries with the cause.</summary>
    public required long With { get; init; }

    /// <summary>Tries without the cause and with the effect.</summary>
    public required long WithoutEffect { get; init; }

    /// <summary>Tries without the cause.</summary>
    public required long Without { get; init; }

    /// <summary>Share of the effect with the cause, minus that without.</summary>
    public double Uplift { get; init; }

    /// <summary>From where on the uplift lies, by Newcombe's interval at 95 %.</summary>
    public double Low { get; init; }

    /// <summary>Up to where.</summary>
    public double High { get; init; }

    /// <summary>Fisher's exact probability of such a table when cause and effect have nothing to do with each other; of this edge alone.</summary>
    public double P { get; init; }

    /// <summary>The same, adjusted by Holm for all edges that were tested.</summary>
    public double Holm { get; init; }

    /// <summary>The same, adjusted by Benjamini and Hochberg for all edges that were tested.</summary>
    public double BenjaminiHochberg { get; init; }

    /// <summary>The edge with what its counts say; probabilities are not adjusted yet.</summary>
    internal CausalEdge Computed()
    {
        var range = Proportions.Difference(WithEffect, With, WithoutEffect, Without);
        return this with
        {
            Uplift = ((double)WithEffect / With) - ((double)WithoutEffect / Without),
            Low = range.Low,
            High = range.High,
            P = FisherExact.TwoSided(WithEffect, With - WithEffect, WithoutEffect, Without - WithoutEffect),
        };
    }
}

/// <summary>Edges, and what to know before one believes them.</summary>
/// <param name="Edges">The edges, the least probable by chance first.</param>
/// <param name="Tested">How many were tested, those that are not shown included: the adjusted probabilities are for so many.</param>
/// <param name="TooFew">How many were not tested, because one side has too few tries.</param>
/// <param name="Episodes">How many tries were counted.</param>
/// <param name="Notes">What the numbers do and do not say.</param>
public sealed record CausalReport(IReadOnlyList<CausalEdge> Edges, int Tested, int TooFew, long Episodes, IReadOnlyList<string> Notes);
