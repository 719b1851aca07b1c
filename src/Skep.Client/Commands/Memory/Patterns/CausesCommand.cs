using System.CommandLine;
using Skep.Client.Terminal;
using Skep.Memory.Patterns;
using Skep.Memory.Patterns.Causes;

namespace Skep.Client.Commands.Memory.Patterns;

/// <summary><c>skep memory causes</c>.</summary>
internal sealed class CausesCommand : PatternVerb
{
    private readonly Option<string?> _kind = PatternOptions.Kind("Only episodes of this kind; each kind by itself unless given.");
    private readonly Option<string?> _cause = new("--cause") { Description = "Only this cause: action: and an action, or tag: and a tag. One cause is one test.", HelpName = "CAUSE" };
    private readonly Option<string?> _effect = new("--effect") { Description = "Towards this effect that episodes recorded; success unless given.", HelpName = "NAME" };
    private readonly Option<int?> _tries = new("--min-tries") { Description = "Fewest tries with, and fewest without, the cause; 5 unless given.", HelpName = "N" };

    public CausesCommand(CliContext cli)
        : base(cli, "causes", "Tells how much more often tries succeed with an action or a circumstance than without, and how sure that is.", "skep memory causes --kind till", "skep memory causes --cause \"action:run the tests first\" --json") =>
        Complete(TellAsync, _kind, _cause, _effect, _tries);

    private async Task<int> TellAsync(ParseResult parsed, CancellationToken cancel)
    {
        var args = new PatternArgs { Kind = parsed.GetValue(_kind), Cause = parsed.GetValue(_cause), Effect = parsed.GetValue(_effect), MinTries = parsed.GetValue(_tries) };
        var report = await AskAsync(parsed, PatternOps.Causes, args, PatternJson.Default.CausalReport, cancel);
        // What the numbers do not say belongs to them, and so onto the same page.
        string[] closing = [$"{report.Tested} edges tested in {report.Episodes} tries, {report.TooFew} more had too few", .. report.Notes.Select(static n => PlainLine.Clean(n))];
        Show(parsed, report, PatternJson.Default.CausalReport, [], report.Edges.Select(Line).Concat(closing));
        return ExitCodes.Ok;
    }

    private static string Line(CausalEdge edge) =>
        $"{PlainLine.Clean(edge.Kind ?? "-")}\t{PlainLine.Clean(edge.Cause)} -> {PlainLine.Clean(edge.Effect)}\t{edge.Uplift:+0.00;-0.00;0.00} ({edge.Low:+0.00;-0.00;0.00} to {edge.High:+0.00;-0.00;0.00})\t"
        + $"{edge.WithEffect}/{edge.With} with, {edge.WithoutEffect}/{edge.Without} without\tp {Shown(edge.P)}, Holm {Shown(edge.Holm)}, BH {Shown(edge.BenjaminiHochberg)}\t{(edge.Basis == EdgeBasis.Randomised ? "randomised" : "observed")}";

    private static string Shown(double probability) => probability < 0.0001 ? "<0.0001" : $"{probability:0.0000}";
}
