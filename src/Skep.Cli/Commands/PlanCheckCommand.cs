using System.CommandLine;
using Skep.Cli.Plans;

namespace Skep.Cli.Commands;

/// <summary><c>skep plan check</c>: reads a plan and tells everything that is wrong with it.</summary>
internal sealed class PlanCheckCommand : Verb
{
    private readonly CliContext _cli;
    private readonly Argument<string> _plan = PlanCommand.PlanArgument();

    public PlanCheckCommand(CliContext cli) : base("check", "Reads a plan and tells everything that is wrong with it, at once.", "skep plan check", "skep plan check plans/release.yaml")
    {
        _cli = cli;
        Add(_plan);
        SetAction(Check);
    }

    private int Check(ParseResult parsed)
    {
        var file = PlanFile.Load(_cli, parsed.GetValue(_plan)!);
        foreach (var what in NotYetActedOn.In(file.Plan)) _cli.Error.WriteLine($"warning: this version does not act on {what}");
        var plan = file.Plan;
        _cli.Out.WriteLine($"{Path.GetRelativePath(_cli.Directory, file.Path)}: plan {plan.Name} is valid: {plan.Phases.Count} phases, {plan.Tasks.Count()} tasks, {plan.Gates.Count()} gates, {plan.Agents.Count} agents");
        return ExitCodes.Ok;
    }
}
