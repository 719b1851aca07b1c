using Skep.Plans;

namespace Skep.Orchestration;

/// <summary>Resolves the expressions of a gate's check.</summary>
internal static class GateTemplates
{
    /// <exception cref="ExpressionException">One has no value.</exception>
    public static GateSpec Fill(GateSpec gate, Func<string, string> fill) => gate with
    {
        Deliverables = gate.Deliverables is { } d ? d with { Paths = [.. d.Paths.Select(fill)] } : null,
        Coverage = gate.Coverage is { } c ? c with { Reports = [.. c.Reports.Select(fill)] } : null,
        Benchmark = gate.Benchmark is { } b ? b with { Report = fill(b.Report), Baseline = fill(b.Baseline) } : null,
        Approval = gate.Approval is { Ask: { } ask } a ? a with { Ask = fill(ask) } : gate.Approval,
    };
}
