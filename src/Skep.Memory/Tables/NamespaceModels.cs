using Skep.Embeddings;
using Skep.Memory.Finding;
using Skep.Storage;

namespace Skep.Memory.Tables;

/// <summary>What makes the vectors of a namespace, and how they are indexed.</summary>
/// <param name="Namespace">The namespace; empty for all.</param>
/// <param name="Spec">The model as people name it.</param>
/// <param name="Model">What it is.</param>
/// <param name="Settings">How its vectors are indexed.</param>
internal sealed record NamespaceModel(string Namespace, string Spec, EmbeddingModelId Model, IndexSettings Settings)
{
    /// <summary>Which index holds its vectors.</summary>
    internal IndexKey Key => new(Model, Settings.Codes, Settings.Metric, Settings.M);
}

/// <summary>What tells one index from another. Namespaces that agree in it share one.</summary>
internal sealed record IndexKey(EmbeddingModelId Model, Vectors.VectorCodes Codes, Vectors.VectorMetric Metric, int M)
{
    /// <summary>Of the model alone, where the rest is the default.</summary>
    public override string ToString() => this == new NamespaceModel("", "", Model, IndexSettings.Default).Key ? Model.ToString() : $"{Model} {IndexNames.Of(Codes)} {IndexNames.Of(Metric)} m{M}";
}

/// <summary>The models and index settings of all namespaces: those of the longest namespace around an entry that has some.</summary>
internal sealed class NamespaceModels
{
    private static readonly NamespaceModel Default = new("", ModelSpec.Default, ModelSpec.DefaultModel, IndexSettings.Default);

    private NamespaceModels(IReadOnlyList<NamespaceModel> all) => All = all;

    /// <summary>Where nothing was said.</summary>
    internal static NamespaceModels None { get; } = new([Default]);

    /// <summary>Every namespace that has a model or settings of its own, with what holds in it; first the one of all.</summary>
    internal IReadOnlyList<NamespaceModel> All { get; }

    /// <summary>A text that changes with any index.</summary>
    internal string Print => string.Join('\n', All.Where(static m => m.Namespace.Length > 0 || m.Key != Default.Key).Select(static m => $"{m.Namespace}\t{m.Key}"));

    internal static NamespaceModels Load(SqlSession sql)
    {
        var (models, settings) = (ModelTable.Load(sql), IndexTable.Load(sql));
        var names = models.Keys.Concat(settings.Keys).Append("").Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        var all = new List<NamespaceModel>();
        foreach (var name in names)
        {
            var outer = Longest(all, name);
            var (spec, model) = models.TryGetValue(name, out var own) ? own : (outer.Spec, outer.Model);
            all.Add(new NamespaceModel(name, spec, model, settings.GetValueOrDefault(name) ?? outer.Settings));
        }

        return new NamespaceModels(all);
    }

    /// <summary>Throws when vectors of a model could not be indexed as their namespace wants.</summary>
    internal void Require()
    {
        foreach (var each in All) each.Settings.RequireFor(each.Model, each.Namespace);
    }

    internal NamespaceModel Of(string name) => Longest(All, name);

    /// <summary>Those that entries of a prefix may have.</summary>
    internal IReadOnlyList<NamespaceModel> Within(MemoryPrefix prefix)
    {
        var stem = prefix.Text.TrimEnd('*').TrimEnd('/');
        var around = Of(stem);
        return [around, .. All.Where(m => m != around && m.Namespace.StartsWith(stem, StringComparison.Ordinal))];
    }

    private static NamespaceModel Longest(IReadOnlyList<NamespaceModel> all, string name)
    {
        var best = Default;
        foreach (var each in all)
        {
            if (Holds(each.Namespace, name) && each.Namespace.Length >= best.Namespace.Length) best = each;
        }

        return best;
    }

    private static bool Holds(string outer, string inner) =>
        outer.Length == 0 || (inner.StartsWith(outer, StringComparison.Ordinal) && (inner.Length == outer.Length || inner[outer.Length] == '/'));
}
