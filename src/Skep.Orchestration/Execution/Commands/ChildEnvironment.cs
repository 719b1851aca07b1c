using Skep.Orchestration.Processes;

namespace Skep.Orchestration.Commands;

/// <summary>
/// The environment of a child: an allow-list of the host's variables, what the plan passes on and sets, and what Skep tells.
/// Nothing else of the host leaks; what Skep tells cannot be overridden.
/// </summary>
internal static class ChildEnvironment
{
    /// <summary>Host variables that every child gets. Of XDG only the folders: XDG_RUNTIME_DIR leads to the user's session.</summary>
    public static readonly IReadOnlyList<string> BuiltIn =
    [
        "PATH", "HOME", "USER", "LOGNAME", "LANG", "LC_*", "TERM", "TMPDIR", "TZ", "SHELL",
        "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME",
    ];

    /// <summary>Most attempts around this one whose marks are kept, when Skep runs inside Skep.</summary>
    public const int MaxLineage = 32;

    /// <summary>Builds it.</summary>
    public static Dictionary<string, string> Build(AttemptRequest request, IReadOnlyDictionary<string, string> host, string outputFile, string? skepProgram, string? skepClient = null)
    {
        var result = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in host)
            if (Passes(name, BuiltIn) || Passes(name, request.EnvAllow) || request.Secrets.Contains(name))
                result[name] = value;
        foreach (var (name, value) in request.Env) result[name] = value;
        foreach (var (name, value) in FromSkep(request, host, outputFile)) result[name] = value;
        foreach (var (name, value) in request.Told) result[name] = value;
        if (skepProgram is not null) AddProgram(result, skepProgram);
        if ((skepClient ?? skepProgram) is { } client) result["SKEP_CLIENT"] = client;
        return result;
    }

    /// <summary>The folder that the run's tasks share.</summary>
    public static string WorkFolder(AttemptRequest request) => Path.Combine(request.RunDirectory, "work");

    private static bool Passes(string name, IReadOnlyList<string> patterns)
    {
        foreach (var pattern in patterns)
        {
            if (pattern == name) return true;
            // What Skep told the host about another attempt is not for this one, unless it is named outright.
            if (pattern.EndsWith('*') && name.AsSpan().StartsWith(pattern.AsSpan(0, pattern.Length - 1)) && !name.StartsWith("SKEP_", StringComparison.Ordinal)) return true;
        }

        return false;
    }

    private static IEnumerable<(string Name, string Value)> FromSkep(AttemptRequest request, IReadOnlyDictionary<string, string> host, string outputFile)
    {
        yield return ("SKEP_RUN_ID", request.RunId);
        // So that what a task reports by hooks and messages is masked, too.
        if (request.Secrets.Count > 0) yield return (Hooks.Secrets.Variable, string.Join(',', request.Secrets));
        yield return (ProcessMarker.LineageVariable, Lineage(request, host));
        foreach (var fact in request.TaskId.Length > 0 ? OfTask(request) : []) yield return fact;
        yield return ("SKEP_OUTPUT", outputFile);
        yield return ("SKEP_DIR", request.SkepDirectory);
        yield return ("SKEP_RUN_DIR", WorkFolder(request));
        yield return ("SKEP_WORKSPACE", request.Workspace);
        yield return ("SKEP_PLAN_DIR", request.PlanDirectory);
        if (request.Item is { } item) yield return ("SKEP_ITEM", item.ToText());
    }

    private static IEnumerable<(string Name, string Value)> OfTask(AttemptRequest request)
    {
        yield return ("SKEP_IDEMPOTENCY_KEY", request.IdempotencyKey);
        yield return ("SKEP_TASK_ID", request.TaskId);
        yield return ("SKEP_PHASE", request.Phase);
        yield return ("SKEP_ATTEMPT", request.Attempt.ToString(System.Globalization.CultureInfo.InvariantCulture));
        yield return ("SKEP_AGENT", request.AgentName);
    }

    private static string Lineage(AttemptRequest request, IReadOnlyDictionary<string, string> host)
    {
        var around = host.GetValueOrDefault(ProcessMarker.LineageVariable, "").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return string.Join('\n', around.TakeLast(MaxLineage - 1).Append(ProcessMarker.MarkOf(request)));
    }

    private static void AddProgram(Dictionary<string, string> environment, string program)
    {
        environment["SKEP"] = program;
        environment["PATH"] = $"{Path.GetDirectoryName(program)}:{environment.GetValueOrDefault("PATH", ProgramPath.DefaultPath)}";
    }
}
