namespace Skep.Memory;

/// <summary>Entries as points of a plane: those whose vectors are alike lie near each other, as far as two directions can show.</summary>
/// <param name="Model">The model whose vectors they are.</param>
/// <param name="Total">Entries under the prefix that have such a vector.</param>
/// <param name="Points">The entries, by path: all, or an even choice that is the same each time.</param>
/// <param name="ShareX">How much of all variance lies in the first direction, 0 to 1.</param>
/// <param name="ShareY">How much lies in the second.</param>
/// <param name="Notes">What was left out, and why; empty as a rule.</param>
public sealed record MemoryMap(string Model, long Total, IReadOnlyList<MapPoint> Points, double ShareX, double ShareY, IReadOnlyList<string> Notes);

/// <summary>An entry on a map.</summary>
/// <param name="Path">The entry.</param>
/// <param name="X">Where it lies in the direction of the most variance.</param>
/// <param name="Y">Where it lies in the second.</param>
public readonly record struct MapPoint(string Path, float X, float Y);
