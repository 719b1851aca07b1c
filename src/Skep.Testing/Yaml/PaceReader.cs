namespace Skep.Testing.Yaml;

/// <summary>Reads <c>pace</c>.</summary>
internal static class PaceReader
{
    /// <summary>Reads a mapping, or a time alone: a character at a time, with so much between.</summary>
    public static Pace Read(YamlNode node, Mistakes mistakes)
    {
        if (Fields.Of(node, "pace", mistakes, "pieces", "first", "delay", "drip", "cut_bytes") is not { } fields) return Pace.Default;
        var drip = fields.Time("drip");
        if (drip is not null && (fields.Node("pieces") ?? fields.Node("delay")) is { } other) mistakes.Add(other, "'drip' sends a character at a time; 'pieces' and 'delay' do not go with it");
        return new Pace
        {
            Pieces = drip is not null ? int.MaxValue : fields.Int("pieces", 1) ?? Pace.Default.Pieces,
            First = fields.Time("first") ?? TimeSpan.Zero,
            Delay = drip ?? fields.Time("delay") ?? TimeSpan.Zero,
            CutBytes = fields.Int("cut_bytes", 1),
        };
    }
}
