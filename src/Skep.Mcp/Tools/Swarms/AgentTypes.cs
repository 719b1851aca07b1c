namespace Skep.Mcp.Tools.Swarms;

/// <summary>When agents of a type have their turn where a task is worked on in stages.</summary>
internal enum Stage
{
    /// <summary>They find out.</summary>
    Research,

    /// <summary>They design.</summary>
    Design,

    /// <summary>They make.</summary>
    Make,

    /// <summary>They check.</summary>
    Check,

    /// <summary>They gather what the others have found.</summary>
    Gather,
}

/// <summary>A kind of agent that prompts name.</summary>
/// <param name="Name">The name.</param>
/// <param name="Stage">When its turn is.</param>
/// <param name="Role">What it does.</param>
/// <param name="Writes">Whether it changes files.</param>
internal sealed record AgentType(string Name, Stage Stage, string Role, bool Writes = false)
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<AgentType> All { get; } =
    [
        new("coordinator", Stage.Gather, "Coordinates: puts the results of the others together, and tells where they contradict each other"),
        new("analyst", Stage.Research, "Analyses: takes the problem apart, weighs facts, and names risks"),
        new("optimizer", Stage.Make, "Optimises: finds what is slow or wasteful, and improves it without changing what it does", Writes: true),
        new("documenter", Stage.Make, "Documents: writes what a reader needs to use and change the work", Writes: true),
        new("monitor", Stage.Check, "Watches: compares what happens with what was meant to happen, and reports differences"),
        new("specialist", Stage.Make, "Does the special part that its capabilities name", Writes: true),
        new("architect", Stage.Design, "Designs: parts, what each owes the others, and why this way"),
        new("task-orchestrator", Stage.Gather, "Orders the work: what depends on what, what is missing, what comes next"),
        new("code-analyzer", Stage.Research, "Reads code: structure, faults, and what a change would touch"),
        new("perf-analyzer", Stage.Research, "Finds out where time and memory go"),
        new("api-docs", Stage.Make, "Documents interfaces: every operation with its parameters, results and errors", Writes: true),
        new("performance-benchmarker", Stage.Check, "Measures: comparable numbers before and after, and what they mean"),
        new("system-architect", Stage.Design, "Designs the whole: components, data, failure, growth"),
        new("researcher", Stage.Research, "Researches: finds what is known, with its sources"),
        new("coder", Stage.Make, "Writes code that does what was asked, and no more", Writes: true),
        new("tester", Stage.Check, "Tests: what was asked, at its edges, and how it fails", Writes: true),
        new("reviewer", Stage.Check, "Reviews: faults first, each with its place and its consequence"),
    ];

    /// <summary>The names, for schemas: a list of JSON texts.</summary>
    public static string JsonNames { get; } = string.Join(',', All.Select(t => $"\"{t.Name}\""));

    /// <summary>The type of a name.</summary>
    public static AgentType Of(string name) => All.FirstOrDefault(t => t.Name == name) ?? new AgentType(name, Stage.Make, $"Works as {name}");
}
