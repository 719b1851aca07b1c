using Skep.Cli.Commands;

namespace Skep.Cli;

/// <summary>The full program.</summary>
internal static class SkepProgram
{
    /// <summary>Runs one command line and returns its exit code.</summary>
    public static Task<int> RunAsync(IReadOnlyList<string> args, CliContext cli) => CommandProgram.RunAsync(args, cli, SkepCommand.Create);
}
