using Skep.Vectors.Filtering;

namespace Skep.Vectors.Tests.Filtering;

/// <summary>What filters mean, row by row, in as few words as possible.</summary>
internal static class Naive
{
    public static int[] Rows(Filter filter, IReadOnlyList<FieldValues> rows) => [.. Enumerable.Range(0, rows.Count).Where(r => Holds(filter, rows[r]))];

    public static bool Holds(Filter filter, FieldValues row) => filter switch
    {
        AllOf all => all.Parts.All(p => Holds(p, row)),
        AnyOf any => any.Parts.Any(p => Holds(p, row)),
        Negation not => !Holds(not.Inner, row),
        Compared c => row[c.Field] is { Type: not FieldType.None } value && Compare(c.How, Order(value, c.Value)),
        OneOf o => o.Values.Any(v => v == row[o.Field]),
        Within w => row[w.Field] is { Type: not FieldType.None } value && Order(value, w.Least) >= 0 && Order(value, w.Most) <= 0,
        Tagged t => row[t.Field] is { Type: FieldType.Tags } tags && tags.AsTags.Contains(t.Tag.AsText),
        Prefixed p => row[p.Field] is { Type: FieldType.Text } text && text.AsText.StartsWith(p.Prefix.AsText, StringComparison.Ordinal),
        Present e => row[e.Field].Type != FieldType.None,
        _ => throw new InvalidOperationException(filter.ToString()),
    };

    private static bool Compare(Comparison how, int order) => how switch
    {
        Comparison.Equal => order == 0,
        Comparison.NotEqual => order != 0,
        Comparison.Less => order < 0,
        Comparison.LessOrEqual => order <= 0,
        Comparison.Greater => order > 0,
        _ => order >= 0,
    };

    private static int Order(FieldValue left, FieldValue right) => left.Type switch
    {
        FieldType.Text => string.CompareOrdinal(left.AsText, right.AsText),
        FieldType.Number => left.AsNumber.CompareTo(right.AsNumber),
        FieldType.Flag => left.AsFlag == right.AsFlag ? 0 : 1,
        _ => left.AsTicks.CompareTo(right.AsTicks),
    };
}
