using Skep.Plans.Reading.Yaml;
using Skep.Plans.Schema;

namespace Skep.Plans.Reading.Binding;

/// <summary>The keys of a task.</summary>
internal static class TaskKeys
{
    private static readonly Dictionary<string, Tier> Tiers = new(StringComparer.Ordinal)
    {
        ["critical"] = Tier.Critical,
        ["important"] = Tier.Important,
        ["nice"] = Tier.Nice,
        ["experimental"] = Tier.Experimental,
    };

    public static KeyTable<TaskDraft> Table { get; } = new(
        "task",
        "a task",
        "A piece of work for one agent.",
        new("id", "Identifier, unique among phases and tasks.", Shapes.Id, static (b, d, n) => (d.Id, d.At) = (b.Id(n, "id"), n.Span), IsRequired: true),
        new("title", "What it does, in words.", Shapes.Text, static (b, d, n) => d.Title = b.Text(n, "title")),
        new("agent", "The agent or team that does it; a plain command worker unless stated.", Shapes.Id, static (b, d, n) => d.Agent = b.Text(n, "agent")),
        new("run", "What to run, for command agents: a command line, or a list of arguments.", Shapes.Run, static (_, d, n) => d.Run = n),
        new("shell", "Whether 'run' is a script for /bin/sh; expressions reach it through 'env' only.", Shapes.Bool, static (b, d, n) => d.Shell = b.Bool(n, "shell") ?? false),
        new("prompt", "What to ask or tell the agent; may hold expressions.", Shapes.Text, static (b, d, n) => d.SetPrompt(b, n, "prompt")),
        new("ask", "What to ask a person; the same as 'prompt'.", Shapes.Text, static (b, d, n) => d.SetPrompt(b, n, "ask")),
        new("output_schema", "JSON Schema of a model's answer, which it is held to.", Shapes.ValueMap, static (b, d, n) => d.OutputSchema = OutputSchemaReader.Read(b, n)),
        new("acceptance", "What must be true of the result, for a model to work towards; may hold expressions.", Shapes.TextList, static (b, d, n) => d.Acceptance = ModelKeys.Facts(b, n, "acceptance")),
        new("pin", "Facts that stay in a model's conversation when it is compacted; may hold expressions.", Shapes.TextList, static (b, d, n) => d.Pins = ModelKeys.Facts(b, n, "pin")),
        new("context", "Memory that a model is shown at the beginning: keys, or all of a namespace as 'ns/*'.", Shapes.TextList, static (b, d, n) => d.Context = ModelKeys.MemoryPatterns(b, n)),
        new("budget", "What all attempts of the task may use together; of a fan-out each item's.", new RefShape("budget"), static (b, d, n) => d.Budget = BudgetKeys.Read(b, n, AtLimit.Fail)),
        new("tool", "For mcp agents: the tool to call, of the agent's server.", Shapes.Text, static (b, d, n) => d.Tool = b.LiteralText(n, "tool")),
        new("with", "Arguments for dotnet and mcp agents; texts may hold expressions.", Shapes.ValueMap, static (b, d, n) => d.With = b.Values(n, "with", areTemplates: true)),
        new("needs", "Tasks or phases that must be settled first.", Shapes.Needs, static (b, d, n) => d.Needs = b.Needs(n)),
        new("foreach", "A list, or an expression that yields one; the task runs once per item.", new AnyOfShape(Shapes.Text, new ListShape(Shapes.Any)), static (b, d, n) => d.SetForeach(b, n)),
        new("when", "A condition; false means that the task is skipped.", Shapes.ScalarText, static (b, d, n) => d.When = b.Condition(n, "when")),
        new("env", "Environment; values may hold expressions.", Shapes.TextMap, static (b, d, n) => d.Env = b.Environment(n, "env")),
        new("cwd", "Working directory, relative to the workspace; may hold expressions.", Shapes.Text, static (b, d, n) => d.Cwd = Path(b, n, "cwd")),
        new("timeout", "Wall-clock limit of one attempt.", Shapes.Duration, static (b, d, n) => d.Timeout = b.Duration(n, "timeout")),
        new("retry", "What happens after a failed attempt: the number of attempts in all, or details.", new AnyOfShape(Shapes.Int(1, RetryKeys.MaxAttempts), new RefShape("retry")), static (b, d, n) => d.Retry = RetryKeys.Read(b, n)),
        new("priority", "Among ready tasks of one tier the higher starts first.", Shapes.Int(-1000, 1000), static (b, d, n) => d.Priority = b.Int32(n, "priority", -1000, 1000) ?? 0),
        new("tier", "How much it matters when a budget runs short.", Shapes.Enum(Tiers.Keys), static (b, d, n) => d.Tier = b.OneOf(n, "tier", Tiers) ?? Tier.Important),
        new("produces", "Files that it must leave behind, relative to its working directory; may hold expressions.", Shapes.TextList, static (b, d, n) => d.Produces = Paths(b, n, "produces")),
        new("reads", "Memory keys that it reads.", Shapes.TextList, static (b, d, n) => d.Reads = b.LiteralList(n, "reads")),
        new("writes", "Memory keys that it writes: an output of that name is stored under the key.", Shapes.TextList, static (b, d, n) => d.Writes = b.LiteralList(n, "writes")),
        new("owns", "Globs of files that only it may change while it runs; may hold expressions.", Shapes.TextList, static (b, d, n) => d.Owns = Paths(b, n, "owns")),
        new("estimate", "Expected duration, for schedules and forecasts; days and weeks are those of the calendar.", Shapes.Duration, static (b, d, n) => d.Estimate = b.Estimate(n)),
        new("impact", "Value of the work, 1 to 10.", Shapes.Int(1, 10), static (b, d, n) => d.Impact = b.Int32(n, "impact", 1, 10)),
        new("effort", "Cost of the work, 1 to 10.", Shapes.Int(1, 10), static (b, d, n) => d.Effort = b.Int32(n, "effort", 1, 10)),
        new("allow_failure", "Whether its failure leaves the run's outcome and its dependants alone.", Shapes.Bool, static (b, d, n) => d.AllowFailure = b.Bool(n, "allow_failure") ?? false),
        new("planned", "Whether what it names does not exist yet; a run passes over it and says so.", Shapes.Bool, static (b, d, n) => d.Planned = b.Bool(n, "planned") ?? false),
        new("hooks", "What happens around its own actions.", HookKeys.Shape, static (b, d, n) => d.Hooks = HookKeys.ReadAll(b, n)));

    private static string? Path(Binder binder, YamlNode node, string key) =>
        binder.Text(node, key) is { } text ? binder.Template((YamlScalar)node, text) : null;

    private static IReadOnlyList<string> Paths(Binder binder, YamlNode node, string key)
    {
        foreach (var item in node is YamlSequence list ? list.Items : [node])
            if (item is YamlScalar scalar) binder.Template(scalar, scalar.Value);
        return binder.TextList(node, key);
    }
}
