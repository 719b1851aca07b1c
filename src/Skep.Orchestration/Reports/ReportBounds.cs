namespace Skep.Orchestration;

/// <summary>How much a report shows, so that the page of a huge run still opens. What is left out is counted and said.</summary>
internal static class ReportBounds
{
    /// <summary>Most rows of tasks and items in HTML; those with trouble come first.</summary>
    public const int TaskRows = 500;

    /// <summary>Most rows of tasks and items in Markdown.</summary>
    public const int MarkdownTaskRows = 200;

    /// <summary>Most items of a fan-out that stand open in the table; more are folded away.</summary>
    public const int OpenItems = 20;

    /// <summary>Most attempts shown of one task: the last ones.</summary>
    public const int AttemptsPerTask = 20;

    /// <summary>Most rows of the timeline.</summary>
    public const int TimelineRows = 120;

    /// <summary>Most items of a large fan-out that have a row of their own in the timeline: those on the critical path, then the longest.</summary>
    public const int TimelineItems = 8;

    /// <summary>Most bars in the timeline.</summary>
    public const int TimelineBars = 2_000;

    /// <summary>Most steps of the critical path: the longest.</summary>
    public const int PathSteps = 50;

    /// <summary>Entries in the lists of longest tasks and longest waits.</summary>
    public const int Longest = 8;

    /// <summary>Most nodes of a Mermaid graph.</summary>
    public const int MermaidNodes = 60;

    /// <summary>Most gates, artifacts, metrics and outputs, each.</summary>
    public const int ListRows = 300;

    /// <summary>Most tiers that were dropped.</summary>
    public const int Drops = 50;

    /// <summary>Most outputs named in a task's row.</summary>
    public const int OutputsPerRow = 3;

    /// <summary>Characters of a name: a task, an agent, a file.</summary>
    public const int Name = 120;

    /// <summary>Characters of an error or a value in a table.</summary>
    public const int Cell = 300;

    /// <summary>Characters of a gate's evidence.</summary>
    public const int Evidence = 4_096;

    /// <summary>Characters of an output in a task's row.</summary>
    public const int ShortValue = 60;

    /// <summary>Characters of a text that stands alone: a goal, an error that is told in full.</summary>
    public const int Paragraph = 2_000;

    /// <summary>Characters of one log tail.</summary>
    public const int Log = 6_000;

    /// <summary>Lines of one log tail.</summary>
    public const int LogLines = 80;

    /// <summary>Characters of all logs of attempts that went wrong.</summary>
    public const int BadLogs = 300_000;

    /// <summary>Characters of all other logs.</summary>
    public const int GoodLogs = 100_000;
}
