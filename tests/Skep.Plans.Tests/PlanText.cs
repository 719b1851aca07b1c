namespace Skep.Plans.Tests;

/// <summary>Shortcuts for tests that read small plans.</summary>
internal static class PlanText
{
    /// <summary>Reads a plan that must be right.</summary>
    public static Plan Valid(string text)
    {
        var result = PlanReader.Read(text);
        Assert.True(result.IsValid, string.Join('\n', result.Diagnostics.Select(d => d.Format("plan.yaml"))));
        return result.Plan!;
    }

    /// <summary>Reads a plan with one error and returns it.</summary>
    public static Diagnostic OneError(string text)
    {
        var result = PlanReader.Read(text);
        Assert.Null(result.Plan);
        return Assert.Single(result.Diagnostics, d => d.Severity == Severity.Error);
    }

    /// <summary>The findings as people read them.</summary>
    public static string Report(string text, PlanLimits? limits = null) =>
        string.Join('\n', PlanReader.Read(text, limits).Diagnostics.Select(d => d.Format("plan.yaml")));

    /// <summary>A plan of tasks in one line each.</summary>
    public static string WithTasks(params string[] tasks) => "plan: x\ntasks:\n" + string.Concat(tasks.Select(t => $"  - {t}\n"));

}
