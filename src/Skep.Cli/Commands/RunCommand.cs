using System.CommandLine;
using Skep.Agents;
using Skep.Cli.Plans;
using Skep.Cli.Running;
using Skep.Cli.Terminal;

namespace Skep.Cli.Commands;

/// <summary><c>skep run</c>: starts a run and works on it until it ends.</summary>
internal sealed class RunCommand : Verb
{
    private readonly CliContext _cli;
    private readonly Argument<string> _plan = new("PLAN") { Description = "A plan file, or a folder with a plan.yaml or skep.yaml.", DefaultValueFactory = _ => "." };
    private readonly Option<string[]> _vars = new("--var", "-v") { Description = "Value of a variable of the plan. May be given several times.", HelpName = "NAME=VALUE", DefaultValueFactory = _ => [] };
    private readonly Option<int?> _maxConcurrency = new("--max-concurrency") { Description = "Most tasks at once, over the plan's own setting.", HelpName = "N" };
    private readonly Option<string?> _id = new("--id") { Description = "Id of the run. Without it one is made of the plan's name and the time.", HelpName = "ID" };
    private readonly Option<string?> _workspace = new("--workspace") { Description = "Folder in which tasks work; the current directory unless given.", HelpName = "DIR" };
    private readonly Option<string?> _dir = CommonOptions.Dir();
    private readonly Option<bool> _yes = new("--yes", "-y") { Description = "Do not ask before running a plan that declares what this version does not act on yet." };
    private readonly RunShowOptions _show;

    public RunCommand(CliContext cli)
        : base("run", "Runs a plan, shows how it goes, and ends with a summary.", "skep run", "skep run examples/quickstart --var repo=../other --max-concurrency 4", "skep run plan.yaml --json > events.ndjson")
    {
        _cli = cli;
        Add(_plan);
        foreach (var option in new Option[] { _vars, _maxConcurrency, _id, _workspace, _dir, _yes }) Add(option);
        _show = new RunShowOptions(this);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        var vars = Assignments.Parse(parsed.GetValue(_vars) ?? []);
        var show = _show.Read(parsed);
        var workspace = _cli.FullPath(parsed.GetValue(_workspace) ?? ".");
        var file = PlanFile.Load(_cli, parsed.GetValue(_plan)!, workspace);
        Warn(file.Plan, parsed.GetValue(_yes) || show.Json || show.Quiet);
        if (!Directory.Exists(workspace)) throw new CliException(ExitCodes.Usage, $"there is no directory '{workspace}' for --workspace");
        await using var work = await ForegroundRun.OpenAsync(_cli, Folders.FindOrCreate(_cli, parsed.GetValue(_dir)), show, cancel);
        CheckModels(file.Plan, work.Host.Folder.Root);
        var request = new RunRequest
        {
            RunId = parsed.GetValue(_id) ?? RunIds.Make(file.Plan.Name, _cli.Time.GetUtcNow(), _cli.RunSuffix()),
            Plan = file.Plan,
            PlanText = file.Text,
            PlanFile = file.Path,
            PlanDirectory = file.Directory,
            Workspace = workspace,
            Vars = vars,
            MaxConcurrency = parsed.GetValue(_maxConcurrency),
        };
        return await work.WatchAsync(screen => work.Host.StartAsync(request, screen));
    }

    /// <summary>Before anything has begun: a run that fails at its first call has done half of its work by then.</summary>
    private void CheckModels(Plan plan, string folder)
    {
        var (errors, warnings) = ModelChecks.Of(plan, folder, _cli.Variable);
        if (errors.Count > 0) throw new PlanNotRunnableException(string.Join('\n', errors));
        foreach (var warning in warnings) _cli.Error.WriteLine($"warning: {warning}");
    }

    private void Warn(Plan plan, bool unattended)
    {
        if (PlannedWork.InPlan(plan) is { } planned) _cli.Error.WriteLine($"note: {planned}");
        var vain = NotYetActedOn.In(plan);
        foreach (var what in vain) _cli.Error.WriteLine($"warning: this version does not act on {what}");
        if (vain.Count == 0 || unattended || !_cli.Terminal.InIsTerminal || !_cli.Terminal.OutIsTerminal) return;
        if (!Question.Confirm(_cli, "Run the plan all the same?")) throw new CliException(ExitCodes.Usage, "nothing was started; --yes runs it without asking");
    }
}
