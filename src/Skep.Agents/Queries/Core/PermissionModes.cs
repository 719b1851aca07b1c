using Skep.Plans;

namespace Skep.Agents.Queries;

/// <summary>What an agent may do without asking. No mode gives it a tool or a program that its spec does not name.</summary>
public static class PermissionModes
{
    /// <summary>It may only look.</summary>
    public const string Plan = "plan";

    /// <summary>It may look, and change files and memory of the swarm; before it starts a program or acts outside a person is asked.</summary>
    public const string Default = "default";

    /// <summary>It may also start the programs that its spec names; before it acts outside a person is asked.</summary>
    public const string AcceptEdits = "accept-edits";

    /// <summary>It may do all that its spec names.</summary>
    public const string Bypass = "bypass";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [Plan, Default, AcceptEdits, Bypass];

    /// <summary>The mode of a name, also as coding CLIs write it; null when there is none.</summary>
    public static string? Find(string? name) => name switch
    {
        "acceptEdits" => AcceptEdits,
        "bypassPermissions" => Bypass,
        not null when All.Contains(name) => name,
        _ => null,
    };

    /// <summary>The name of the mode that a spec asks for.</summary>
    public static string NameOf(PermissionMode mode) => mode switch
    {
        PermissionMode.Plan => Plan,
        PermissionMode.AcceptEdits => AcceptEdits,
        PermissionMode.Bypass => Bypass,
        _ => Default,
    };

    /// <summary>The mode of a name of <see cref="All"/>.</summary>
    public static PermissionMode ModeOf(string name) => name switch
    {
        Plan => PermissionMode.Plan,
        AcceptEdits => PermissionMode.AcceptEdits,
        Bypass => PermissionMode.Bypass,
        _ => PermissionMode.Default,
    };

    /// <summary>What a mode says to a tool.</summary>
    public static Permission Of(string mode, ToolKind kind) => (mode, kind) switch
    {
        (_, ToolKind.Read) or (Bypass, _) => Permission.Allowed,
        (Plan, _) => Permission.Refused,
        (_, ToolKind.Write) or (AcceptEdits, ToolKind.Execute) => Permission.Allowed,
        _ => Permission.Ask,
    };
}

/// <summary>What a permission mode says.</summary>
public enum Permission
{
    /// <summary>It may run.</summary>
    Allowed,

    /// <summary>A person is asked.</summary>
    Ask,

    /// <summary>It may not run.</summary>
    Refused,
}
