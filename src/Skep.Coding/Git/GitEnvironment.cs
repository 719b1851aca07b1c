namespace Skep.Coding.Git;

/// <summary>
/// The surroundings that every git command gets, and nothing else: no configuration of the machine or the user, no questions, no pager, no
/// hooks, no signing, no network. What a user has set up for own work must not change what the queue does.
/// </summary>
internal static class GitEnvironment
{
    /// <summary>Variables of our own that are passed on: where programs and temporary files are.</summary>
    private static readonly string[] Passed = ["PATH", "TMPDIR", "LD_LIBRARY_PATH", "GIT_EXEC_PATH"];

    private static readonly (string Name, string Value)[] Fixed =
    [
        ("LC_ALL", "C"),
        ("GIT_CONFIG_NOSYSTEM", "1"),
        ("GIT_CONFIG_SYSTEM", "/dev/null"),
        ("GIT_CONFIG_GLOBAL", "/dev/null"),
        ("GIT_ATTR_NOSYSTEM", "1"),
        ("GIT_TERMINAL_PROMPT", "0"),
        ("GIT_ASKPASS", "false"),
        ("GIT_EDITOR", "false"),
        ("GIT_OPTIONAL_LOCKS", "0"),
        ("GIT_LITERAL_PATHSPECS", "1"),
        ("GIT_NO_LAZY_FETCH", "1"),
        ("GIT_ALLOW_PROTOCOL", ""),
        // For reflogs; commits name their own people.
        ("GIT_AUTHOR_NAME", GitPerson.Skep.Name),
        ("GIT_AUTHOR_EMAIL", GitPerson.Skep.Mail),
        ("GIT_COMMITTER_NAME", GitPerson.Skep.Name),
        ("GIT_COMMITTER_EMAIL", GitPerson.Skep.Mail),
    ];

    private static readonly string[] Settings =
    [
        "core.hooksPath=/dev/null", "core.fsmonitor=false", "core.pager=cat", "core.quotePath=false", "core.logAllRefUpdates=true", "commit.gpgSign=false", "tag.gpgSign=false",
        "gc.auto=0", "maintenance.auto=false", "protocol.allow=never", "submodule.recurse=false", "rerere.enabled=false", "advice.detachedHead=false",
    ];

    /// <summary>Replaces the variables that a command would inherit.</summary>
    public static void Fill(IDictionary<string, string?> environment)
    {
        var kept = Passed.Where(environment.ContainsKey).Select(name => (name, environment[name])).ToList();
        environment.Clear();
        foreach (var (name, value) in kept) environment[name] = value;
        foreach (var (name, value) in Fixed) environment[name] = value;
    }

    /// <summary>Options that stand before every command.</summary>
    public static IEnumerable<string> Arguments(GitOptions options)
    {
        yield return "--no-pager";
        foreach (var setting in options.TrustForeignOwner ? [.. Settings, "safe.directory=*"] : Settings)
        {
            yield return "-c";
            yield return setting;
        }
    }
}
