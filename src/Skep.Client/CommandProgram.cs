using System.CommandLine;
using Skep.Client.Commands;
using Skep.Client.Terminal;

namespace Skep.Client;

/// <summary>A program: parses a command line, carries it out, and turns failures into messages and exit codes.</summary>
internal static class CommandProgram
{
    /// <summary>Runs one command line and returns its exit code.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="cli">What it touches.</param>
    /// <param name="create">Builds the tree of commands.</param>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, CliContext cli, Func<CliContext, RootCommand> create)
    {
        try
        {
            // Somebody who types the bare name wants to know what there is.
            var parsed = create(cli with { Args = args }).Parse(args.Count == 0 ? ["--help"] : args);
            if (parsed.Errors.Count > 0 && parsed.Action is System.CommandLine.Invocation.ParseErrorAction) return UsageError(parsed, cli);
            return await parsed.InvokeAsync(new InvocationConfiguration
            {
                Output = cli.Out,
                Error = cli.Error,
                EnableDefaultExceptionHandler = false,
                // Stopping is our own business: a run has to end its children and say how to resume.
                ProcessTerminationTimeout = null,
            });
        }
#pragma warning disable CA1031 // every failure ends here, as a message
        catch (Exception e)
#pragma warning restore CA1031
        {
            return ErrorText.Render(e, cli);
        }
    }

    private static int UsageError(ParseResult parsed, CliContext cli)
    {
        // An unknown command is one error, not also a missing one.
        var unknown = parsed.UnmatchedTokens.Count > 0;
        foreach (var error in parsed.Errors.Where(e => !unknown || parsed.UnmatchedTokens.Any(t => e.Message.Contains(t, StringComparison.Ordinal))).Select(e => e.Message).Distinct())
            cli.Error.WriteLine($"error: {PlainLine.Clean(error)}");
        var command = parsed.CommandResult.Command;
        foreach (var token in parsed.UnmatchedTokens.Where(t => t.StartsWith("--", StringComparison.Ordinal)))
            if (Plans.Suggestion.For(token.Split('=')[0], command.Options.Select(o => o.Name)) is { } close) cli.Error.WriteLine($"did you mean '{close}'?");
        cli.Error.WriteLine($"'{CommandPath.Of(command)} --help' tells how it is used.");
        // For coding CLIs the code of a wrong command line says "blocked", which a mistake of ours must never do.
        return command is Commands.Hooks.ClaudeCodeCommand ? Orchestration.Hooks.CodingCliAnswer.Failed : ExitCodes.Usage;
    }
}
