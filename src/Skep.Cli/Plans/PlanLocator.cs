namespace Skep.Cli.Plans;

/// <summary>Finds the plan file that a path on the command line means.</summary>
internal static class PlanLocator
{
    /// <summary>File names that are looked for first, in this order.</summary>
    public static readonly IReadOnlyList<string> Names = ["plan.yaml", "skep.yaml", "plan.yml", "skep.yml"];

    /// <summary>Most YAML files of a folder that are looked into.</summary>
    public const int MaxCandidates = 100;

    /// <summary>The file itself, or the plan in a folder.</summary>
    /// <exception cref="CliException">There is none, or several.</exception>
    public static string Find(string path)
    {
        if (File.Exists(path)) return path;
        if (!Directory.Exists(path)) throw new CliException(ExitCodes.Usage, $"there is no file or folder '{path}'; name a plan file, or a folder with a {Names[0]}");
        return Names.Select(n => Path.Combine(path, n)).FirstOrDefault(File.Exists) ?? OnlyPlanIn(path);
    }

    private static string OnlyPlanIn(string folder)
    {
        var plans = Directory.EnumerateFiles(folder, "*.yaml").Concat(Directory.EnumerateFiles(folder, "*.yml"))
            .Order(StringComparer.Ordinal).Take(MaxCandidates).Where(LooksLikePlan).ToList();
        return plans switch
        {
            [var only] => only,
            [] => throw new CliException(ExitCodes.Usage, $"there is no plan in '{folder}': no {Names[0]}, no {Names[1]}, and no other YAML file that begins with 'plan:'; name the file"),
            _ => throw new CliException(ExitCodes.Usage, $"there are {plans.Count} plans in '{folder}': {string.Join(", ", plans.Take(5).Select(Path.GetFileName))}; name one of them"),
        };
    }

    private static bool LooksLikePlan(string file)
    {
        try
        {
            return File.ReadLines(file).Take(1000).Any(line => line.StartsWith("plan:", StringComparison.Ordinal));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
