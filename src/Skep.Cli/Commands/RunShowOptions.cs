using System.CommandLine;
using Skep.Cli.Running;

namespace Skep.Cli.Commands;

/// <summary>The options of all commands that work on a run in the foreground.</summary>
internal sealed class RunShowOptions
{
    private readonly Option<bool> _json = new("--json") { Description = "Write the run's events as lines of JSON to standard output, and nothing else there." };
    private readonly Option<bool> _transient = new("--with-transient") { Description = "With --json: include events that are not kept, such as progress." };
    private readonly Option<bool> _quiet = new("--quiet", "-q") { Description = "Only errors and the last line." };
    private readonly Option<bool> _noReport = new("--no-report") { Description = "Do not write report.html and report.md into the run's folder." };

    public RunShowOptions(Command command)
    {
        command.Add(_json);
        command.Add(_transient);
        command.Add(_quiet);
        command.Add(_noReport);
    }

    /// <summary>What was asked for.</summary>
    public RunShow Read(ParseResult parsed) => new(
        parsed.GetValue(_quiet),
        parsed.GetValue(_json),
        parsed.GetValue(_transient),
        !parsed.GetValue(_noReport));
}
