using System.CommandLine;
using Skep.Cli.Reading;

namespace Skep.Cli.Commands;

/// <summary><c>skep show</c>: everything that is known of a run.</summary>
internal sealed class ShowCommand : Verb
{
    private readonly CliContext _cli;
    private readonly Argument<string> _run;
    private readonly Option<bool> _json = CommonOptions.Json();
    private readonly Option<string?> _dir = CommonOptions.Dir();

    public ShowCommand(CliContext cli) : base("show", "Shows a run. Phases, tasks, attempts, outputs, artifacts, gates with their evidence, metrics.", "skep show last", "skep show demo-2026 --json")
    {
        _cli = cli;
        _run = RunArguments.Run(cli);
        Add(_run);
        Add(_json);
        Add(_dir);
        SetAction((parsed, _) => ShowAsync(parsed));
    }

    private async Task<int> ShowAsync(ParseResult parsed)
    {
        await using var runs = OpenRuns.In(_cli, parsed.GetValue(_dir));
        var state = runs.Load(runs.Find(parsed.GetValue(_run)!));
        await _cli.Out.WriteAsync(parsed.GetValue(_json) ? RunJson.Of(state) : RunText.Of(state, _cli.Colours, _cli.Time.LocalTimeZone));
        return ExitCodes.Ok;
    }
}
