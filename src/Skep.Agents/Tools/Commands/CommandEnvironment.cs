using Skep.Orchestration;
using Skep.Orchestration.Commands;
using Skep.Orchestration.Processes;

namespace Skep.Agents.Tools;

/// <summary>
/// The environment of a program that a model runs: what every command task gets and what the plan sets or passes on, but no secrets, nothing that is named
/// like a key, and nothing of Skep but the mark by which its processes are found again.
/// </summary>
internal static class CommandEnvironment
{
    private static readonly string[] KeyWords = ["KEY", "TOKEN", "SECRET", "PASSWORD", "PASSWD", "CREDENTIAL", "AUTH"];

    // What would make programs load or start something before they do what they were asked.
    private static readonly string[] Loaders = ["LD_", "DYLD_", "BASH_FUNC_", "GIT_"];

    private static readonly string[] LoaderNames =
        ["BASH_ENV", "ENV", "IFS", "PROMPT_COMMAND", "NODE_OPTIONS", "PYTHONSTARTUP", "PYTHONPATH", "PERL5OPT", "PERL5LIB", "RUBYOPT", "RUBYLIB", "JAVA_TOOL_OPTIONS", "DOTNET_STARTUP_HOOKS", "EDITOR", "VISUAL", "PAGER"];

    /// <summary>Builds it.</summary>
    /// <param name="attempt">The attempt, with the part that names this call.</param>
    /// <param name="host">The host's environment.</param>
    /// <param name="searchPath">PATH.</param>
    /// <param name="mask">Masks secrets: a value that it changes is one.</param>
    public static Dictionary<string, string> Build(AttemptRequest attempt, IReadOnlyDictionary<string, string> host, string searchPath, Func<string, string> mask)
    {
        var result = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in host)
            if (ChildEnvironment.BuiltIn.Any(p => Matches(name, p)) || attempt.EnvAllow.Any(p => Matches(name, p))) Add(name, value);
        foreach (var (name, value) in attempt.Env) Add(name, value);
        result["PATH"] = searchPath;
        result[ProcessMarker.LineageVariable] = ProcessMarker.MarkOf(attempt);
        foreach (var (name, value) in ForGit) result[name] = value;
        return result;

        void Add(string name, string value)
        {
            if (!attempt.Secrets.Contains(name) && MayPass(name) && mask(value) == value) result[name] = value;
        }
    }

    /// <summary>No questions, no pager, and no repository that hides in a folder among other files.</summary>
    private static readonly (string, string)[] ForGit =
    [
        ("GIT_TERMINAL_PROMPT", "0"), ("GIT_PAGER", "cat"), ("PAGER", "cat"), ("GIT_CONFIG_COUNT", "1"), ("GIT_CONFIG_KEY_0", "safe.bareRepository"), ("GIT_CONFIG_VALUE_0", "explicit"),
    ];

    private static bool Matches(string name, string pattern) => pattern.EndsWith('*') ? name.StartsWith(pattern[..^1], StringComparison.Ordinal) : name == pattern;

    private static bool MayPass(string name) =>
        !name.StartsWith("SKEP", StringComparison.OrdinalIgnoreCase)
        && !KeyWords.Any(w => name.Contains(w, StringComparison.OrdinalIgnoreCase))
        && !Loaders.Any(l => name.StartsWith(l, StringComparison.OrdinalIgnoreCase)) && !LoaderNames.Contains(name, StringComparer.OrdinalIgnoreCase);
}
