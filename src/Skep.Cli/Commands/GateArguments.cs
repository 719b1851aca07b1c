using System.CommandLine;

namespace Skep.Cli.Commands;

/// <summary>What the commands about gates share.</summary>
internal static class GateArguments
{
    /// <summary>A gate that may be left out.</summary>
    public static Argument<string?> OptionalGate(string description) => new("GATE") { Description = description, Arity = ArgumentArity.ZeroOrOne };

    /// <summary>A gate's id, whether it was given alone or as <c>gate/ID</c>.</summary>
    public static string Id(string gate) => gate.StartsWith("gate/", StringComparison.Ordinal) ? gate["gate/".Length..] : gate;

    /// <summary>Votes and waivers are for people: within a task's process they are refused. No lock, but nothing happens by accident.</summary>
    /// <exception cref="CliException">This is a task's process.</exception>
    public static void RefuseAgents(CliContext cli, string what)
    {
        if (cli.Variable("SKEP_IDEMPOTENCY_KEY") is { Length: > 0 } attempt)
            throw new CliException(ExitCodes.Refused, $"an agent does not {what} on gates, and this is the process of attempt {attempt}; a person does it from another terminal");
    }
}
