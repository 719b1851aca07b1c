using System.Text;
using Skep.Plans.Expressions;
using Skep.Plans.Reading;
using Skep.Plans.Reading.Binding;
using Skep.Plans.Reading.Yaml;

namespace Skep.Plans.Validation.Rules;

/// <summary>Paths in a plan stay within the workspace: relative, without <c>..</c>. A <c>cwd</c> may also begin with a folder of the run.</summary>
internal sealed class PathsRule : IPlanRule
{
    private static readonly string[] Roots = ["${run.dir}", "${run.workspace}", "${plan.dir}"];

    /// <inheritdoc />
    public void Check(ValidationContext context)
    {
        for (var i = 0; i < context.Tasks.Count; i++)
        {
            var task = context.Tasks[i];
            if (task.Cwd is { } cwd) Check(context, "cwd", cwd, context.TaskAt(i, "cwd"), mayHaveRoot: true);
            for (var n = 0; n < task.Produces.Count; n++) Check(context, "produces", task.Produces[n], context.TaskAt(i, "produces", n), mayHaveRoot: false);
            for (var n = 0; n < task.Owns.Count; n++) CheckGlob(context, "owns", task.Owns[n], context.TaskAt(i, "owns", n));
        }

        for (var i = 0; i < context.Gates.Count; i++) CheckGate(context, context.Gates[i], context.Sources.Gates[i]);

        foreach (var (hook, node) in context.Sources.Hooks)
            for (var n = 0; n < hook.Files.Count; n++) CheckGlob(context, "files", hook.Files[n], PlanSources.At(node, "files", n, hook.At));
    }

    private static void CheckGate(ValidationContext context, GateSpec gate, YamlMapping? source)
    {
        if (gate.Cwd is { } cwd) Check(context, "cwd", cwd, PlanSources.At(source, "cwd", gate.At), mayHaveRoot: true);
        for (var n = 0; gate.Deliverables is { } d && n < d.Paths.Count; n++)
            Check(context, "deliverables", d.Paths[n], PlanSources.At(source, "deliverables", n, gate.At), mayHaveRoot: true);
        var coverage = source?.Find("coverage") as YamlMapping;
        for (var n = 0; gate.Coverage is { } c && n < c.Reports.Count; n++)
            Check(context, "report", c.Reports[n], PlanSources.At(coverage, "report", n, gate.At), mayHaveRoot: true);
        if (gate.Benchmark is not { } benchmark) return;
        var details = source?.Find("benchmark") as YamlMapping;
        Check(context, "report", benchmark.Report, PlanSources.At(details, "report", gate.At), mayHaveRoot: true);
        Check(context, "baseline", benchmark.Baseline, PlanSources.At(details, "baseline", gate.At), mayHaveRoot: true);
    }

    private static void CheckGlob(ValidationContext context, string key, string glob, SourceSpan at)
    {
        Check(context, key, glob, at, mayHaveRoot: false);
        var problem = Literals(glob).AsSpan().IndexOfAny('{', '}') >= 0 ? "braces are no wildcards; list the globs one by one"
            : glob.EndsWith('/') ? $"a glob names files; write '{glob}**' for all files below the folder"
            : glob.Length > Glob.MaxLength ? $"a glob has at most {Glob.MaxLength:N0} characters"
            : null;
        if (problem is not null) context.Bag.Error(DiagnosticCodes.BadPath, at, $"'{DiagnosticBag.OneLine(glob)}' is no glob: {problem}", glob);
    }

    private static void Check(ValidationContext context, string key, string path, SourceSpan at, bool mayHaveRoot)
    {
        var rest = path;
        if (mayHaveRoot && Array.Find(Roots, r => path.StartsWith(r, StringComparison.Ordinal)) is { } root)
        {
            rest = path[root.Length..];
            if (rest.Length == 0) return;
            if (rest[0] == '/') rest = rest[1..];
        }

        if (Problem(Literals(rest)) is { } problem)
            context.Bag.Error(DiagnosticCodes.BadPath, at, $"'{key}' must be a path inside the workspace, but '{DiagnosticBag.OneLine(path)}' {problem}", path);
    }

    private static string? Problem(string path)
    {
        if (string.IsNullOrWhiteSpace(path)) return "is empty";
        if (path[0] == '/') return "is absolute; write it relative to the workspace";
        if (path[0] == '~') return "begins with '~', which is not expanded; write it relative to the workspace";
        if (path.Contains('\\', StringComparison.Ordinal)) return "holds a backslash; separate folders with '/'";
        if (path.Length > 1 && path[1] == ':' && char.IsAsciiLetter(path[0])) return "is absolute; write it relative to the workspace";
        return path.Split('/').Contains("..") ? "leads out of its folder by '..'; write it relative to the workspace" : null;
    }

    /// <summary>The path with a letter in place of every expression: what an expression yields is checked when it is known.</summary>
    private static string Literals(string path)
    {
        if (!Template.MayHoldExpressions(path)) return path;
        try
        {
            var text = new StringBuilder();
            foreach (var part in Template.Split(path)) text.Append(part.IsExpression ? "x" : part.Text);
            return text.ToString();
        }
        catch (ExpressionException)
        {
            return "x"; // Reported where it was read.
        }
    }
}
