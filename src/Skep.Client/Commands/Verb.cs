using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Skep.Client.Commands;

/// <summary>A command with examples in its help.</summary>
internal abstract class Verb : Command
{
    protected Verb(string name, string description, params IReadOnlyList<string> examples) : base(name, description)
    {
        Examples = examples;
        foreach (var example in examples)
            if (!example.Contains("skep ", StringComparison.Ordinal)) throw new ArgumentException($"an example shows skep: {example}", nameof(examples));
    }

    /// <summary>Command lines that work.</summary>
    public IReadOnlyList<string> Examples { get; }
}

/// <summary>Help as System.CommandLine writes it, with examples and a pointer to the exit codes.</summary>
internal sealed class HelpWithExamples(HelpAction inner) : SynchronousCommandLineAction
{
    /// <summary>Lines are folded here, whatever the terminal, so that help reads the same everywhere.</summary>
    public const int MaxWidth = 100;

    /// <inheritdoc />
    public override bool ClearsParseErrors => true;

    /// <inheritdoc />
    public override int Invoke(ParseResult parseResult)
    {
        var output = parseResult.InvocationConfiguration.Output;
        if (parseResult.CommandResult.Command is RootCommand root)
        {
            output.Write(RootHelp.Of(root));
            return ExitCodes.Ok;
        }

        var command = parseResult.CommandResult.Command;
        if (command.Subcommands.Count > 0) output.Write($"{command.Description}\n\nUsage: {CommandPath.Of(command)} COMMAND [OPTIONS]\n\nCommands:\n{CommandList.Of(command)}\n");
        else
        {
            inner.MaxWidth = MaxWidth;
            inner.Invoke(parseResult);
        }

        if (command is Verb { Examples.Count: > 0 } verb)
        {
            output.WriteLine("Examples:");
            foreach (var example in verb.Examples) output.WriteLine($"  {example}");
            output.WriteLine();
        }

        output.WriteLine("Exit codes: 0 done, 1 the run failed, 2 usage; all of them: skep help exit-codes");
        return ExitCodes.Ok;
    }
}

/// <summary>How a command is called.</summary>
internal static class CommandPath
{
    /// <summary><c>skep plan check</c>.</summary>
    public static string Of(Command command)
    {
        var names = new Stack<string>();
        for (Symbol? at = command; at is not null; at = at.Parents.FirstOrDefault())
            names.Push(at is RootCommand ? "skep" : at.Name);
        return string.Join(' ', names);
    }
}
