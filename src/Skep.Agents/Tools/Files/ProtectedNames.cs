namespace Skep.Agents.Tools;

/// <summary>
/// Names of files that hold keys, or that make other programs do something. By name only: a secret in a file of another name is not known here. Compared
/// without regard to case, for file systems may do the same.
/// </summary>
internal static class ProtectedNames
{
    /// <summary>Folders of which nothing is read or written.</summary>
    public static readonly IReadOnlyList<string> Closed = [".skep", ".ssh", ".gnupg", ".aws", ".azure", ".kube", ".docker", ".gcloud", ".password-store"];

    /// <summary>Files of which nothing is read or written.</summary>
    public static readonly IReadOnlyList<string> Secret =
    [
        ".env", ".envrc", ".netrc", "_netrc", ".npmrc", ".yarnrc", ".pypirc", ".pgpass", ".my.cnf", ".htpasswd", ".git-credentials", ".vault-token", ".dockercfg",
        "secrets", "secrets.json", "secrets.yaml", "secrets.yml", "secrets.toml", "credentials", "credentials.json",
    ];

    /// <summary>How the names of such files begin.</summary>
    public static readonly IReadOnlyList<string> SecretBeginnings = [".env.", "id_rsa", "id_dsa", "id_ecdsa", "id_ed25519", "service-account", "service_account"];

    /// <summary>How the names of such files end.</summary>
    public static readonly IReadOnlyList<string> SecretEndings = [".pem", ".key", ".p12", ".pfx", ".jks", ".keystore", ".kdbx", ".ppk", ".tfstate", ".env"];

    /// <summary>Files that look like the above, but are examples without values.</summary>
    public static readonly IReadOnlyList<string> Harmless = [".env.example", ".env.sample", ".env.template", ".env.dist"];

    /// <summary>Names, of files or folders, beneath which nothing is written: what stands there is carried out or believed by programs of the user.</summary>
    public static readonly IReadOnlyList<string> Unwritable =
    [
        ".git", ".hg", ".svn", ".gitmodules", ".gitconfig", ".husky", ".claude", ".codex", ".gemini", ".cursor", ".vscode", ".idea", ".devcontainer", ".mcp.json",
        ".bashrc", ".bash_profile", ".bash_login", ".profile", ".zshrc", ".zprofile", ".zshenv", ".inputrc", ".vimrc", ".exrc", ".gdbinit", ".lldbinit", "git~1",
    ];

    /// <summary>Whether a folder of this name is closed.</summary>
    public static bool IsClosed(string name) => Any(Closed, name);

    /// <summary>Why nothing of it may be read, or null.</summary>
    public static string? ForReading(SandboxPath path)
    {
        foreach (var name in path.Names)
            if (IsClosed(name)) return $"'{name}' is closed to tools: it holds keys, or what Skep itself relies on";
        if (path.Names.Count == 0) return null;
        var file = Fold(path.Name);
        // Git keeps addresses with passwords in them there: its own, and below it those of submodules and worktrees.
        if (file.StartsWith("config", StringComparison.OrdinalIgnoreCase) && path.Names.Take(path.Names.Count - 1).Any(n => Is(n, ".git"))) return "the configuration of git may hold passwords and is closed to tools";
        return IsSecret(file) ? $"'{path.Name}' looks like a file with keys or passwords, and is closed to tools: if a value of it is needed, ask a person" : null;
    }

    /// <summary>Why it may not be written, or null.</summary>
    public static string? ForWriting(SandboxPath path)
    {
        if (ForReading(path) is { } closed) return closed;
        foreach (var name in path.Names)
            if (Any(Unwritable, name)) return $"'{name}' is not written by tools: other programs carry out what stands there";
        return null;
    }

    private static bool IsSecret(string file) =>
        !Any(Harmless, file)
        && (Any(Secret, file)
            || SecretBeginnings.Any(b => file.StartsWith(b, StringComparison.OrdinalIgnoreCase))
            || SecretEndings.Any(e => file.EndsWith(e, StringComparison.OrdinalIgnoreCase)));

    private static bool Any(IReadOnlyList<string> names, string name)
    {
        foreach (var other in names)
            if (Is(name, other)) return true;
        return false;
    }

    private static bool Is(string name, string other) => string.Equals(Fold(name), other, StringComparison.OrdinalIgnoreCase);

    /// <summary>The two letters beyond ASCII that file systems without regard to case take for ASCII ones: the Kelvin sign and the long s.</summary>
    private static string Fold(string name) => name.Replace('\u212A', 'k').Replace('\u017F', 's');
}
