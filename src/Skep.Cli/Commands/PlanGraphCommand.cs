using System.CommandLine;
using Skep.Cli.Plans;
using Skep.Plans.Drawing;

namespace Skep.Cli.Commands;

/// <summary><c>skep plan graph</c>: draws a plan's tasks and what they need.</summary>
internal sealed class PlanGraphCommand : Verb
{
    private readonly CliContext _cli;
    private readonly Argument<string> _plan = PlanCommand.PlanArgument();
    private readonly Option<string> _format = Output.Format("mermaid", "dot", "svg");
    private readonly Option<string?> _out = Output.Option();

    public PlanGraphCommand(CliContext cli) : base("graph", "Draws a plan's tasks and what they need; the critical path stands out.", "skep plan graph", "skep plan graph plan.yaml --format svg -o plan.svg")
    {
        _cli = cli;
        Add(_plan);
        Add(_format);
        Add(_out);
        SetAction(Draw);
    }

    private int Draw(ParseResult parsed)
    {
        var graph = PlanGraph.Build(PlanFile.Load(_cli, parsed.GetValue(_plan)!).Plan);
        var critical = Schedule.Compute(graph).CriticalPath;
        return Output.Write(_cli, parsed.GetValue(_out), parsed.GetValue(_format) switch
        {
            "dot" => DotWriter.Write(graph, critical),
            "svg" => DagSvg.Draw(graph, new DagSvgOptions { Title = graph.Plan.Name, CriticalPath = critical }),
            _ => MermaidWriter.Write(graph, critical),
        });
    }
}
