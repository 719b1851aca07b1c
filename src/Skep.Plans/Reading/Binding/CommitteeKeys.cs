using Skep.Plans.Reading.Yaml;
using Skep.Plans.Schema;

namespace Skep.Plans.Reading.Binding;

/// <summary>The keys of <c>committee</c>.</summary>
internal static class CommitteeKeys
{
    private const int MaxTolerated = 100;
    private static readonly string[] Protocols = ["pbft", "raft", "majority"];

    public static KeyTable<CommitteeDraft> Table { get; } = new(
        "committee",
        "'committee'",
        "A set of voters.",
        new("protocol", "How they decide; 'pbft' unless stated.", Shapes.Enum(Protocols), static (b, d, n) => d.Protocol = b.OneOf(n, "protocol", Protocols) ?? d.Protocol),
        new("tolerate", "How many faulty members it stands; 1 unless stated.", Shapes.Int(0, MaxTolerated), static (b, d, n) => d.Tolerate = b.Int32(n, "tolerate", 0, MaxTolerated) ?? d.Tolerate),
        new("members", "Agents that vote; all unless stated.", Shapes.TextList, static (b, d, n) => d.Members = b.LiteralList(n, "members")));

    public static CommitteeSpec Read(Binder binder, YamlNode node)
    {
        var draft = new CommitteeDraft();
        Table.Bind(binder, node, draft);
        return new CommitteeSpec(draft.Protocol, draft.Tolerate, draft.Members);
    }
}

/// <summary>A committee while it is read.</summary>
internal sealed class CommitteeDraft
{
    public string Protocol { get; set; } = "pbft";

    public int Tolerate { get; set; } = 1;

    public IReadOnlyList<string> Members { get; set; } = [];
}
