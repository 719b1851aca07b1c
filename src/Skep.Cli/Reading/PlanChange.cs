using System.Security.Cryptography;
using System.Text;
using Skep.Cli.Plans;

namespace Skep.Cli.Reading;

/// <summary>Tells whether the plan file on disk, with the agent files that it uses, is still what a run began with.</summary>
internal static class PlanChange
{
    /// <summary>What is different, or null.</summary>
    public static string? Of(CliContext cli, RunState state)
    {
        if (state.Info is not { PlanFile: { } file } info) return null;
        try
        {
            if (!File.Exists(file)) return $"the plan file {file} is gone";
            if (Hash(File.ReadAllText(file)) == info.PlanHash) return null;
            if (PlanFile.KeptText(cli, file, info.Workspace) is not { } kept) return $"the plan file {file} cannot be read";
            return Hash(kept) == info.PlanHash ? null : $"the plan file {file}, or an agent file that it uses, has changed since";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"the plan file {file} cannot be read";
        }
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
