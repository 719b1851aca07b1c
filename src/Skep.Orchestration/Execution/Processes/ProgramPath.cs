namespace Skep.Orchestration.Processes;

/// <summary>Finds a program the way a shell would, but in the child's environment and with errors that say what is wrong.</summary>
internal static class ProgramPath
{
    /// <summary>Used when the child has no PATH.</summary>
    public const string DefaultPath = "/usr/local/bin:/usr/bin:/bin";

    /// <summary>Returns the absolute path of the program.</summary>
    /// <exception cref="ProcessStartException">It is not there or cannot be executed.</exception>
    public static string Resolve(string program, IReadOnlyDictionary<string, string> environment, string workingDirectory)
    {
        if (program.Length == 0) throw new ProcessStartException("the command is empty: the first item names the program to run");
        if (program.Contains('/')) return Explicit(program, workingDirectory);

        var path = environment.GetValueOrDefault("PATH", DefaultPath);
        string? refused = null;
        foreach (var folder in path.Split(':'))
        {
            var candidate = Path.Combine(workingDirectory, folder, program);
            if (!File.Exists(candidate)) continue;
            if (IsExecutable(candidate)) return candidate;
            refused ??= candidate;
        }

        throw new ProcessStartException(refused is null
            ? $"program '{program}' not found in PATH ({path}): install it, or name it by its path"
            : $"program '{program}' is not executable: '{refused}' lacks the x permission (chmod +x)");
    }

    private static string Explicit(string program, string workingDirectory)
    {
        var full = Path.Combine(workingDirectory, program);
        if (Directory.Exists(full)) throw new ProcessStartException($"program '{program}' is a directory: name a file in it");
        if (!File.Exists(full)) throw new ProcessStartException($"program '{program}' does not exist (looked at '{full}')");
        if (!IsExecutable(full)) throw new ProcessStartException($"program '{program}' is not executable: '{full}' lacks the x permission (chmod +x)");
        return full;
    }

    private static bool IsExecutable(string path) => LibC.Access(path, LibC.ExecuteAccess) == 0;
}
