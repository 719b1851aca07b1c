using System.CommandLine;
using Skep.Cli.Plans;
using Skep.Cli.Reading;

namespace Skep.Cli.Commands;

/// <summary><c>skep plan prioritize</c>: ranks tasks by impact and effort.</summary>
internal sealed class PlanPrioritizeCommand : Verb
{
    private readonly CliContext _cli;
    private readonly Argument<string> _plan = PlanCommand.PlanArgument();
    private readonly Option<string> _format = Output.Format("text", "svg", "json");
    private readonly Option<string?> _out = Output.Option();

    public PlanPrioritizeCommand(CliContext cli) : base("prioritize", "Ranks a plan's tasks by impact and effort, as a table and in four quadrants.", "skep plan prioritize", "skep plan prioritize --format svg -o quadrants.svg")
    {
        _cli = cli;
        Add(_plan);
        Add(_format);
        Add(_out);
        SetAction(Rank);
    }

    private int Rank(ParseResult parsed)
    {
        var priorities = Prioritizer.Rank(PlanFile.Load(_cli, parsed.GetValue(_plan)!).Plan);
        return Output.Write(_cli, parsed.GetValue(_out), parsed.GetValue(_format) switch
        {
            "svg" => QuadrantSvg.Draw(priorities),
            "json" => JsonText.Of(json => PrioritiesJson.Write(json, priorities)),
            _ => PrioritiesText.Table(priorities) + "\n" + PrioritiesText.Quadrants(priorities, _cli.Terminal.Size.Width),
        });
    }
}
