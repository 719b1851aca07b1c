namespace Skep.Orchestration;

/// <summary>The tasks that worked or waited longest.</summary>
internal static class Longest
{
    public static IReadOnlyList<TaskFacts> Tasks(RunFacts facts) =>
        [.. facts.Work.Where(t => t.Work > TimeSpan.Zero).OrderByDescending(t => t.Work).Take(ReportBounds.Longest)];

    public static IReadOnlyList<TaskFacts> Waits(RunFacts facts) =>
        [.. facts.Work.Where(t => t.Wait > TimeSpan.Zero).OrderByDescending(t => t.Wait).Take(ReportBounds.Longest)];
}
