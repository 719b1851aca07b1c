namespace Skep.Client;

/// <summary>Finds the full program, for commands of the thin client that need it.</summary>
internal static class FullProgram
{
    private static string Name => OperatingSystem.IsWindows() ? "skep.exe" : "skep";

    /// <summary>The program: as given, else beside this one, else in PATH.</summary>
    /// <exception cref="CliException">There is none.</exception>
    public static string Find(CliContext cli, string? given)
    {
        if (given is { Length: > 0 })
        {
            var path = cli.FullPath(given);
            return File.Exists(path) ? path : throw new CliException(ExitCodes.Usage, $"there is no program '{given}' for --program");
        }

        var beside = Path.Combine(AppContext.BaseDirectory, Name);
        if (File.Exists(beside)) return beside;
        foreach (var folder in (cli.Variable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
            if (Path.Combine(cli.FullPath(folder), Name) is var found && File.Exists(found)) return found;
        throw new CliException(ExitCodes.Usage, $"the full program '{Name}' is neither in '{AppContext.BaseDirectory}' nor in PATH; install it there, or name it with --program");
    }
}
