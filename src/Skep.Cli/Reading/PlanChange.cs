using System.Security.Cryptography;
using System.Text;

namespace Skep.Cli.Reading;

/// <summary>Tells whether the plan file on disk is still what a run began with.</summary>
internal static class PlanChange
{
    /// <summary>What is different, or null.</summary>
    public static string? Of(RunState state)
    {
        if (state.Info is not { PlanFile: { } file } info) return null;
        try
        {
            if (!File.Exists(file)) return $"the plan file {file} is gone";
            var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(File.ReadAllText(file))));
            return hash == info.PlanHash ? null : $"the plan file {file} has changed since";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"the plan file {file} cannot be read";
        }
    }
}
