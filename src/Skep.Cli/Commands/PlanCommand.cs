using System.CommandLine;

namespace Skep.Cli.Commands;

/// <summary><c>skep plan</c>: looks at plans without running them.</summary>
internal sealed class PlanCommand : Verb
{
    public PlanCommand(CliContext cli) : base("plan", "Looks at plans without running them.", "skep plan check", "skep plan graph plan.yaml --format mermaid")
    {
        Add(new PlanCheckCommand(cli));
        Add(new PlanSchemaCommand(cli));
        Add(new PlanGraphCommand(cli));
        Add(new PlanScheduleCommand(cli));
        Add(new PlanPrioritizeCommand(cli));
    }

    /// <summary>The argument that all of them share.</summary>
    public static Argument<string> PlanArgument() => new("PLAN") { Description = "A plan file, or a folder with a plan.yaml or skep.yaml.", DefaultValueFactory = _ => "." };
}
