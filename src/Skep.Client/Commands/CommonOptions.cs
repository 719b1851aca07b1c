using System.CommandLine;

namespace Skep.Client.Commands;

/// <summary>Options that several commands share.</summary>
internal static class CommonOptions
{
    /// <summary>Where the folder is.</summary>
    public static Option<string?> Dir() => new("--dir")
    {
        Description = "Directory that holds the .skep folder. Without it the folder is looked for from the current directory upwards.",
        HelpName = "DIR",
    };

    /// <summary>Machine-readable output.</summary>
    public static Option<bool> Json() => new("--json") { Description = "Write JSON." };
}
