namespace Skep.Cli.Plans;

/// <summary>A plan as it was found on disk and read.</summary>
/// <param name="Path">Full path of the file.</param>
/// <param name="Text">Its text.</param>
/// <param name="Plan">The plan.</param>
internal sealed record PlanFile(string Path, string Text, Plan Plan)
{
    /// <summary>Largest file that is read, in bytes.</summary>
    public const long MaxBytes = 32L * 1024 * 1024;

    /// <summary>Folder of the file.</summary>
    public string Directory => System.IO.Path.GetDirectoryName(Path)!;

    /// <summary>Finds and reads a plan and shows what is to be said about it.</summary>
    /// <exception cref="CliException">There is none, or it is not valid; the findings have been shown.</exception>
    public static PlanFile Load(CliContext cli, string where)
    {
        var path = PlanLocator.Find(cli.FullPath(where));
        var text = ReadText(path);
        var result = PlanReader.Read(text);
        var shown = System.IO.Path.GetRelativePath(cli.Directory, path);
        foreach (var finding in result.Diagnostics) cli.Error.Write(DiagnosticText.Format(finding, shown, text));
        if (result.Plan is { } plan) return new PlanFile(path, text, plan);
        var errors = result.Diagnostics.Count(d => d.Severity == Severity.Error);
        throw new CliException(ExitCodes.PlanInvalid, $"the plan has {errors} {(errors == 1 ? "error" : "errors")}; nothing was started");
    }

    private static string ReadText(string path)
    {
        if (new FileInfo(path) is { Exists: true, Length: > MaxBytes } large)
            throw new CliException(ExitCodes.PlanInvalid, $"'{path}' has {large.Length} bytes; a plan has at most {MaxBytes}");
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CliException(ExitCodes.PlanInvalid, $"cannot read the plan '{path}': {e.Message}");
        }
    }
}
