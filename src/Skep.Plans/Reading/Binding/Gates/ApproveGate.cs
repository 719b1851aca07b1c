using Skep.Plans.Reading.Yaml;
using Skep.Plans.Schema;

namespace Skep.Plans.Reading.Binding;

/// <summary>A gate that waits for the votes of roles.</summary>
internal sealed class ApproveGate : GateKind
{
    /// <summary>The keys under <c>approve</c>.</summary>
    public static KeyTable<ApprovalDraft> Details { get; } = new(
        "approve",
        "'approve'",
        "Votes of named roles. Each role has one; they come by 'skep approve'.",
        new("of", "The roles that have a vote.", new AnyOfShape(Shapes.Id, new ListShape(Shapes.Id)), static (b, d, n) => d.Roles = Roles(b, n), IsRequired: true),
        new("at_least", "How many must approve; all unless stated.", Shapes.Int(1, ApprovalCheck.MaxRoles), static (b, d, n) => (d.AtLeast, d.AtLeastAt) = (b.Int32(n, "at_least", 1, ApprovalCheck.MaxRoles), n.Span)),
        new("ask", "What is asked; may hold expressions.", Shapes.Text, static (b, d, n) => d.Ask = b.Text(n, "ask") is { } text ? b.Template((YamlScalar)n, text) : null),
        new("timeout", "How long votes are awaited; for ever unless stated.", Shapes.Duration, static (b, d, n) => d.Timeout = b.Duration(n, "timeout")),
        new("same_person", "Whether one person may vote for several roles; not unless stated.", Shapes.Bool, static (b, d, n) => d.SamePerson = b.Bool(n, "same_person") ?? false));

    /// <inheritdoc />
    public override string Mark => "approve";

    /// <inheritdoc />
    public override IEnumerable<IKeyTable> Tables => [Keys, Details];

    /// <inheritdoc />
    public override KeyTable<GateDraft> Keys { get; } = Table(
        "approveGate",
        "an approval gate",
        "Approval by people in named roles.",
        new Key<GateDraft>("approve", "Who votes, and how many must say yes.", new RefShape("approve"), static (b, d, n) => d.Approval = Details.Bind(b, n, d.ApprovalDraft) ? n : null, IsRequired: true));

    /// <inheritdoc />
    public override GateSpec? Finish(Binder binder, GateDraft draft, GateSpec gate)
    {
        var d = draft.ApprovalDraft;
        if (draft.Approval is null || d.Roles.Count == 0) return null;
        var least = d.AtLeast ?? d.Roles.Count;
        if (least > d.Roles.Count)
        {
            binder.Error(DiagnosticCodes.OutOfRange, d.AtLeastAt, $"'at_least' asks for {least} approvals, but 'of' names {d.Roles.Count} {(d.Roles.Count == 1 ? "role" : "roles")}; the gate could never pass");
            return null;
        }

        return gate with { Kind = GateKinds.Approve, Approval = new ApprovalCheck(d.Roles, least, d.Ask, d.SamePerson), Timeout = d.Timeout };
    }

    private static List<string> Roles(Binder binder, YamlNode node)
    {
        var roles = new List<string>();
        foreach (var item in node is YamlSequence list ? list.Items : [node])
        {
            if (binder.Id(item, "of") is not { } role) continue;
            if (roles.Contains(role, StringComparer.Ordinal)) binder.Error(DiagnosticCodes.DuplicateId, item.Span, $"role '{DiagnosticBag.OneLine(role)}' stands twice in 'of'; each role has one vote", role);
            else roles.Add(role);
        }

        if (roles.Count == 0) binder.Error(DiagnosticCodes.BadValue, node.Span, "'of' names no role; write for example of: [architect, security]");
        if (roles.Count > ApprovalCheck.MaxRoles) binder.Error(DiagnosticCodes.OutOfRange, node.Span, $"'of' names {roles.Count} roles; at most {ApprovalCheck.MaxRoles} can vote");
        return roles;
    }
}

/// <summary>An approval while it is read.</summary>
internal sealed class ApprovalDraft
{
    public IReadOnlyList<string> Roles { get; set; } = [];

    public int? AtLeast { get; set; }

    public SourceSpan AtLeastAt { get; set; }

    public string? Ask { get; set; }

    public TimeSpan? Timeout { get; set; }

    public bool SamePerson { get; set; }
}
