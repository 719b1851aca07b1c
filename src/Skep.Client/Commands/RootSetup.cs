using System.CommandLine;
using System.CommandLine.Help;

namespace Skep.Client.Commands;

/// <summary>What the roots of all our programs have in common.</summary>
internal static class RootSetup
{
    /// <summary>Gives a root its help and its version.</summary>
    public static RootCommand Complete(RootCommand root, CliContext cli)
    {
        root.HelpName = "skep";
        foreach (var help in root.Options.OfType<HelpOption>())
        {
            // Windows forms that look like paths and clutter what a shell completes.
            help.Aliases.Remove("/?");
            help.Aliases.Remove("/h");
            if (help.Action is HelpAction action) help.Action = new HelpWithExamples(action);
        }

        foreach (var version in root.Options.OfType<VersionOption>()) version.Action = new TellVersion(cli);
        return root;
    }
}
