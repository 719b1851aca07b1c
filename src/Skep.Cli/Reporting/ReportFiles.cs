namespace Skep.Cli.Reporting;

/// <summary>Makes the reports of a run and writes them as files.</summary>
internal sealed class ReportFiles(CliContext cli, IEventLog store, BlobStore blobs)
{
    /// <summary>Name of the page.</summary>
    public const string Html = "report.html";

    /// <summary>Name of the text.</summary>
    public const string Markdown = "report.md";

    /// <summary>The report, compared with an earlier run of the same plan that did one task at a time, where there is one.</summary>
    public RunReport Build(RunState state) => RunReport.Build(state, new RunReportOptions { Now = cli.Time.GetUtcNow(), Sequential = Sequential(state) });

    /// <summary>Writes both forms into a folder and returns the path of the page.</summary>
    public string WriteBoth(RunState state, string folder)
    {
        var report = Build(state);
        File.WriteAllText(Path.Combine(folder, Markdown), report.ToMarkdown());
        var page = Path.Combine(folder, Html);
        File.WriteAllText(page, report.ToHtml());
        return page;
    }

    private RunState? Sequential(RunState state)
    {
        var found = RunReader.List(store).FirstOrDefault(s =>
            s.Run != state.Info!.Run && s.PlanHash == state.Info.PlanHash && s is { MaxConcurrency: 1, Status: RunStatus.Succeeded });
        try
        {
            return found is null ? null : RunReader.Load(store, blobs, found.Run);
        }
        catch (RunLogException)
        {
            // The comparison is a nicety; the report does without.
            return null;
        }
    }
}
