using Skep.Vectors.Filtering;

namespace Skep.Memory.Finding;

/// <summary>A prefix as a filter.</summary>
internal static class PrefixFilter
{
    /// <summary>The filter that lets the entries of a prefix through, and of them those that another one does; null for all.</summary>
    internal static Filter? Of(MemoryPrefix prefix, Filter? filter)
    {
        var text = prefix.Text;
        var stem = text.TrimEnd('*');
        if (stem.Length == 0) return filter;
        var within = text.EndsWith('*') && !stem.EndsWith('/') ? Filter.Where("path").StartsWith(stem) : Beneath(stem.TrimEnd('/'));
        if (!text.EndsWith('*') && !text.EndsWith('/')) within |= Filter.Where("path").Is(MemoryPath.Parse(stem).Full);
        return filter is null ? within : within & filter;
    }

    /// <summary>By namespace, which few values have: faster than by path.</summary>
    private static Filter Beneath(string name) => Filter.Where("namespace").Is(name) | Filter.Where("namespace").StartsWith(name + "/");
}
