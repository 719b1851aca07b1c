namespace Skep.Orchestration.Hooks;

/// <summary>What a flag's value must look like.</summary>
public enum HookFlagKind
{
    /// <summary>Any text.</summary>
    AnyText,

    /// <summary>True or false; the name alone means true.</summary>
    Switch,

    /// <summary>A whole number from 0 on.</summary>
    Whole,

    /// <summary>A finite number.</summary>
    Number,
}

/// <summary>A flag of a hook.</summary>
/// <param name="Name">Without the dashes.</param>
/// <param name="Kind">What its value must look like.</param>
/// <param name="Description">What it does, for people.</param>
public sealed record HookFlag(string Name, HookFlagKind Kind, string Description)
{
    /// <summary>Why nothing is done about it: it is accepted, recorded and reported. Null when it is honoured.</summary>
    public string? NotActedOn { get; init; }

    /// <summary>Whether the hook makes no sense without it.</summary>
    public bool Required { get; init; }
}

/// <summary>A hook that can be called.</summary>
/// <param name="Name">As it is called: <c>post-edit</c>.</param>
/// <param name="Kind">Name of the facts that it leaves; several hooks may be names of one.</param>
/// <param name="Group">What it is about: session, task, edit, command, message, swarm, view.</param>
/// <param name="Description">What it does; the first sentence stands in lists.</param>
/// <param name="Example">Flags of an example.</param>
public sealed record HookDefinition(string Name, string Kind, string Group, string Description, string Example)
{
    /// <summary>Its own flags; those of <see cref="HookCatalog.Common"/> come with every hook.</summary>
    public IReadOnlyList<HookFlag> Flags { get; init; } = [];

    /// <summary>What it would need that is not there: calls are refused with this. Null for hooks that do their work.</summary>
    public string? Missing { get; init; }

    /// <summary>The plan's hooks that hear of it, by their event; null for none. Those around tasks hear from the run itself, and not a second time from here.</summary>
    public string? PlanEvent { get; init; }

    /// <summary>Whether it only looks, and leaves no fact.</summary>
    public bool OnlyLooks { get; init; }

    /// <summary>Whether only coding CLIs call it, and people need not see it.</summary>
    public bool Internal { get; init; }

    /// <summary>A flag by name, its own or a common one; null when there is none.</summary>
    public HookFlag? Flag(string name) => Flags.FirstOrDefault(f => f.Name == name) ?? HookCatalog.Common.FirstOrDefault(f => f.Name == name);
}
