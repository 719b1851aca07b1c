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
        _cli.Out.WriteLine($"{Path.GetRelativePath(_cli.Directory, file.Path)}: plan {plan.Name} is valid: {Count(plan.Phases.Count, "phase")}, {Count(plan.Tasks.Count(), "task")}, {Count(plan.Gates.Count(), "gate")}, {Count(plan.Agents.Count, "agent")}");
        return ExitCodes.Ok;
    }

    private static string Count(int n, string noun) => $"{n} {noun}{(n == 1 ? "" : "s")}";
}
