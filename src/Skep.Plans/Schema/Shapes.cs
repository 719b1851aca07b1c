using Skep.Plans.Reading.Text;

namespace Skep.Plans.Schema;

/// <summary>The shapes that keys share.</summary>
internal static class Shapes
{
    public static Shape Any { get; } = new AnyShape();

    public static Shape Text { get; } = new TextShape();

    /// <summary>Text where YAML may have read a number or a boolean, such as a version or an environment value.</summary>
    public static Shape ScalarText { get; } = new TextShape(AllowScalars: true);

    public static Shape Bool { get; } = new BoolShape();

    public static Shape Id { get; } = new RefShape("id");

    public static Shape Duration { get; } = new RefShape("duration");

    public static Shape Size { get; } = new RefShape("size");

    public static Shape TextList { get; } = new AnyOfShape(Text, new ListShape(Text));

    public static Shape TextMap { get; } = new MapShape(ScalarText, "^[A-Za-z_][A-Za-z0-9_]*$");

    public static Shape ValueMap { get; } = new MapShape(Any);

    public static Shape Needs { get; } = new RefShape("needs");

    public static Shape Run { get; } = new AnyOfShape(Text, new ListShape(ScalarText));

    public static Shape Int(double min, double max) => new NumberShape(true, min, max);

    public static Shape Number(double min, double max) => new NumberShape(false, min, max);

    public static Shape Enum(IEnumerable<string> names) => new EnumShape([.. names]);

    /// <summary>The definitions behind the references above that belong to no mapping of keys.</summary>
    public static IReadOnlyList<(string Name, string Description, Shape Shape)> Definitions { get; } =
    [
        ("id", "An identifier: letters, digits, '_' and '-', at most 64.", new AnyOfShape(new TextShape(Identifier.Pattern), Int(0, 9_007_199_254_740_991))),
        ("duration", "A number and a unit (ms, s, m, h, d, w), such as 500ms, 30s or 1h30m.", new TextShape(DurationText.Pattern)),
        ("size", "Bytes: 512MiB, 4GiB, 100KB, or a plain number.", new AnyOfShape(new TextShape(SizeText.Pattern), Int(0, 1L << 53))),
        ("needs", "What must be settled first: tasks or phases.", new AnyOfShape(Id, new RefShape("need"), new ListShape(new AnyOfShape(Id, new RefShape("need"))))),
    ];
}
