using System.CommandLine;
using Skep.Agents.Budgets;
using Skep.Agents.Queries;
using Skep.Cli.Reading;

namespace Skep.Cli.Commands;

/// <summary><c>skep cost</c>: what the models of a run took.</summary>
internal sealed class CostCommand : Verb
{
    private readonly CliContext _cli;
    private readonly Argument<string> _run;
    private readonly Option<bool> _json = CommonOptions.Json();
    private readonly Option<string?> _dir = CommonOptions.Dir();

    public CostCommand(CliContext cli)
        : base("cost", "Tells what the models of a run took and cost. By agent, model and phase, with what prompt caches saved, how its budgets stand, and what is still to be expected.", "skep cost last", "skep cost last --json")
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
        var report = RunCosts.Of(state, new QueryStore(runs.Store, _cli.Time), _cli.Time.GetUtcNow());
        await _cli.Out.WriteAsync(parsed.GetValue(_json) ? JsonText.Of(json => CostReportJson.Write(json, report)) : CostReportText.Render(report));
        return ExitCodes.Ok;
    }
}
