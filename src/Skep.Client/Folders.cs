namespace Skep.Client;

/// <summary>Finds the .skep folder that a command is about.</summary>
internal static class Folders
{
    /// <summary>Names the folder for processes that a run starts.</summary>
    public const string Variable = "SKEP_DIR";

    /// <summary>The folder: as given, else the one of the surrounding run, else the nearest at or above the current directory.</summary>
    /// <exception cref="CliException">There is none.</exception>
    public static SkepFolder Find(CliContext cli, string? given)
    {
        if ((given ?? cli.Variable(Variable)) is { Length: > 0 } named)
            return At(cli.FullPath(named)) ?? throw new CliException(ExitCodes.Storage, $"there is no {SkepFolder.Name} folder in '{named}'; 'skep run' makes one");
        return SkepFolder.Find(cli.Directory)
            ?? throw new CliException(ExitCodes.Storage, $"there is no {SkepFolder.Name} folder in '{cli.Directory}' or above it; go to where you started the run, or name the place with --dir");
    }

    /// <summary>The folder for new runs; made where there is none.</summary>
    public static SkepFolder FindOrCreate(CliContext cli, string? given)
    {
        if (given is not { Length: > 0 }) return SkepFolder.Find(cli.Directory) ?? SkepFolder.Create(cli.Directory);
        var project = Project(cli.FullPath(given));
        if (!Directory.Exists(project)) throw new CliException(ExitCodes.Usage, $"there is no directory '{project}' for --dir; make it first");
        return SkepFolder.Create(project);
    }

    private static SkepFolder? At(string path) =>
        Project(path) is var project && Directory.Exists(Path.Combine(project, SkepFolder.Name)) ? SkepFolder.Find(project) : null;

    /// <summary>People name the project's directory or the folder itself; both are clear.</summary>
    private static string Project(string path)
    {
        var trimmed = Path.TrimEndingDirectorySeparator(path);
        return Path.GetFileName(trimmed) == SkepFolder.Name ? Path.GetDirectoryName(trimmed)! : trimmed;
    }
}
