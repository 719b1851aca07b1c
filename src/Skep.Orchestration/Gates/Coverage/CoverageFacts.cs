namespace Skep.Orchestration.Coverage;

/// <summary>Merged coverage of many reports: by file and line. A line that is hit in any report is covered.</summary>
internal sealed class CoverageFacts
{
    /// <summary>Most lines of all files together.</summary>
    public const int MaxLines = 5_000_000;

    private readonly Dictionary<string, Dictionary<int, LineFacts>> _files = new(StringComparer.Ordinal);
    private int _lines;

    /// <summary>Files by path.</summary>
    public IEnumerable<FileCoverage> Files => _files.Select(f => new FileCoverage(f.Key, CoverageCount.Of(f.Value.Values)));

    /// <summary>
    /// Adds what one report says of a line. Reports do not tell which branches were taken but how many; the most of any report
    /// is counted, which never flatters.
    /// </summary>
    /// <exception cref="FormatException">There are too many lines.</exception>
    public void Add(string file, int line, bool hit, int branchesHit, int branches)
    {
        if (!_files.TryGetValue(file, out var lines)) _files[file] = lines = [];
        if (lines.TryGetValue(line, out var known))
        {
            lines[line] = new LineFacts(known.Hit || hit, Math.Max(known.BranchesHit, branchesHit), Math.Max(known.Branches, branches));
            return;
        }

        if (++_lines > MaxLines) throw new FormatException($"the reports tell of more than {MaxLines} lines; check fewer projects in one gate");
        lines[line] = new LineFacts(hit, branchesHit, branches);
    }
}

/// <summary>What is known of a line.</summary>
internal readonly record struct LineFacts(bool Hit, int BranchesHit, int Branches);

/// <summary>A file's counts.</summary>
internal sealed record FileCoverage(string Path, CoverageCount Count);

/// <summary>Lines and branches, and how many of them are covered.</summary>
internal readonly record struct CoverageCount(long Lines, long LinesHit, long Branches, long BranchesHit)
{
    public double LinePercent => Percent(LinesHit, Lines);

    public double BranchPercent => Percent(BranchesHit, Branches);

    public static CoverageCount Of(IEnumerable<LineFacts> lines)
    {
        var sum = default(CoverageCount);
        foreach (var l in lines) sum += new CoverageCount(1, l.Hit ? 1 : 0, l.Branches, Math.Min(l.BranchesHit, l.Branches));
        return sum;
    }

    public static CoverageCount operator +(CoverageCount a, CoverageCount b) =>
        new(a.Lines + b.Lines, a.LinesHit + b.LinesHit, a.Branches + b.Branches, a.BranchesHit + b.BranchesHit);

    /// <summary>Where there is nothing to cover, nothing is uncovered.</summary>
    private static double Percent(long hit, long of) => of == 0 ? 100 : 100.0 * hit / of;
}
