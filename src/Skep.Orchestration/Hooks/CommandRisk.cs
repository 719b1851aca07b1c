using System.Text.RegularExpressions;

namespace Skep.Orchestration.Hooks;

/// <summary>Commands that are known to destroy a system or a disk. A short list of plain forms, no protection against somebody who hides one.</summary>
internal static partial class CommandRisk
{
    private const int PatternMs = 1000;

    /// <summary>Why a command is dangerous, or null.</summary>
    public static string? Of(string command)
    {
        try
        {
            if (RemoveAll().IsMatch(command)) return "it deletes the root, home or system folders";
            if (WriteDevice().IsMatch(command)) return "it writes onto a disk";
            if (ForkBomb().IsMatch(command)) return "it starts processes without end";
            return null;
        }
        catch (RegexMatchTimeoutException)
        {
            return "it is too intricate to be looked through";
        }
    }

    [GeneratedRegex(@"\brm\s+(?:-{1,2}[\w-]+\s+)*-\w*[rR]\w*\s+(?:-{1,2}[\w-]+\s+)*[""']?(?:/|~|\$HOME|/(?:\*|etc|usr|bin|lib|boot|home|var|root)/?)[""']?\s*(?:$|[;&|])", RegexOptions.CultureInvariant, PatternMs)]
    private static partial Regex RemoveAll();

    [GeneratedRegex(@"\bmkfs(?:\.\w+)?\s|\bdd\b[^;&|]*\bof=/dev/(?!null|stdout|stderr|zero)|>\s*/dev/(?:sd|nvme|hd|vd|mmcblk)", RegexOptions.CultureInvariant, PatternMs)]
    private static partial Regex WriteDevice();

    [GeneratedRegex(@":\s*\(\s*\)\s*\{\s*:\s*\|\s*:\s*&\s*\}\s*;", RegexOptions.CultureInvariant, PatternMs)]
    private static partial Regex ForkBomb();
}
