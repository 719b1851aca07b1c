using FsCheck;
using FsCheck.Fluent;
using Skep.Vectors.Filtering;

namespace Skep.Vectors.Tests.Filtering;

/// <summary>Random rows and filters over five fields, one of each type, and one with a name that needs quotes.</summary>
internal static class Cases
{
    private static readonly string[] Words = ["", "a", "ab", "abc", "b", "Re: x", "quo\"te", "back\\slash", "new\nline", "tab\t", "\u0001", "é", "日本", "😀", "and"];
    private static readonly double[] Numbers = [-1e300, -2.5, -1, -0.0, 0, double.Epsilon, 0.1, 1, 1.5, 3, 1e20, double.MaxValue];

    public static readonly FieldSchema Schema = new(
    [
        new("kind", FieldType.Text), new("score", FieldType.Number), new("done", FieldType.Flag), new("when", FieldType.Time), new("tags", FieldType.Tags),
        new("odd name, and more", FieldType.Text),
    ]);

    public static Gen<FieldValue> Text { get; } = Gen.Elements(Words).Select(w => FieldValue.Text(w));

    public static Gen<FieldValue> Number { get; } = Gen.Elements(Numbers).Select(FieldValue.Number);

    public static Gen<FieldValue> Time { get; } =
        Gen.OneOf(Gen.Choose(0, 6).Select(d => FieldValue.Time(new DateTimeOffset(2026, 1, 1 + d, 0, 0, 0, TimeSpan.Zero))), Gen.Elements(0L, 1, DateTime.MaxValue.Ticks).Select(t => FieldValue.Time(t)));

    public static Gen<FieldValue> Flag { get; } = Gen.Elements(true, false).Select(FieldValue.Flag);

    public static Gen<FieldValue> Tags { get; } = Gen.Elements(Words).ListOf().Select(t => FieldValue.Tags(t));

    public static Gen<FieldValues> Row { get; } =
        from kind in Maybe(Text)
        from score in Maybe(Number)
        from done in Maybe(Flag)
        from when in Maybe(Time)
        from tags in Maybe(Tags)
        from odd in Maybe(Text)
        select new FieldValues { ["kind"] = kind, ["score"] = score, ["done"] = done, ["when"] = when, ["tags"] = tags, ["odd name, and more"] = odd };

    public static Gen<Filter> Filters { get; } = Gen.Choose(0, 4).SelectMany(Tree);

    private static Gen<Filter> Leaf { get; } = Gen.OneOf(
        Conditions("kind", Text), Conditions("odd name, and more", Text), Conditions("score", Number), Conditions("when", Time),
        Flag.Select(v => Filter.Where("done").Is(v)), Flag.Select(v => Filter.Where("done").IsNot(v)), Flag.ListOf(2).Select(v => Filter.Where("done").In(v)),
        Gen.Elements(Words).Select(w => Filter.Where("tags").Has(w)),
        Gen.Elements(Words).Select(w => Filter.Where("kind").StartsWith(w)),
        Gen.Elements("kind", "score", "done", "when", "tags").Select(f => Filter.Where(f).Exists()));

    private static Gen<Filter> Tree(int depth) => depth == 0 ? Leaf : Gen.OneOf(
        Leaf,
        Tree(depth - 1).Select(f => !f),
        Tree(depth - 1).SelectMany(a => Tree(depth - 1).Select(b => a & b)),
        Tree(depth - 1).SelectMany(a => Tree(depth - 1).Select(b => a | b)));

    private static Gen<Filter> Conditions(string field, Gen<FieldValue> value)
    {
        var where = Filter.Where(field);
        return Gen.OneOf(
            value.Select(where.Is), value.Select(where.IsNot), value.Select(where.Below), value.Select(where.AtMost), value.Select(where.Above), value.Select(where.AtLeast),
            value.SelectMany(a => value.Select(b => where.Between(a, b))), value.NonEmptyListOf().Select(v => where.In(v)));
    }

    private static Gen<FieldValue> Maybe(Gen<FieldValue> value) => Gen.Frequency((1, Gen.Constant(default(FieldValue))), (3, value));
}
