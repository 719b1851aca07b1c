namespace Skep.Orchestration;

/// <summary>
/// What came of a run, for people: the page that tells why it took as long as it did and whether its result can be trusted.
/// The facts are computed once, when it is built; both renderings show the same ones. Pure: no clock, no I/O, the same state gives the same text.
/// </summary>
public sealed class RunReport
{
    private readonly RunFacts _facts;

    private RunReport(RunFacts facts) => _facts = facts;

    /// <summary>Reads the facts off a run, in whatever state it is.</summary>
    /// <param name="state">The run. It is not kept: later changes do not show.</param>
    /// <param name="options">The time of reading, and what to compare with.</param>
    public static RunReport Build(RunState state, RunReportOptions options)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(options);
        return new RunReport(RunFacts.Of(state, options));
    }

    /// <summary>The report as GitHub-flavoured Markdown.</summary>
    public string ToMarkdown() => MarkdownReport.Write(_facts);

    /// <summary>
    /// The report as one HTML file without scripts and without references to anything outside itself. It is well-formed XML besides,
    /// follows the reader's colour scheme, and every text that came from a plan or an agent is escaped.
    /// </summary>
    public string ToHtml() => HtmlReport.Write(_facts);

    internal RunFacts Facts => _facts;
}

/// <summary>What a report needs to know besides the run.</summary>
public sealed record RunReportOptions
{
    /// <summary>The time of reading. A run that has not ended is measured up to here.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>A run of the same plan with one task at a time, to measure the speed-up against; null when there is none.</summary>
    public RunState? Sequential { get; init; }
}
