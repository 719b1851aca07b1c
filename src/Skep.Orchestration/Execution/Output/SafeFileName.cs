using System.Security.Cryptography;
using System.Text;

namespace Skep.Orchestration.Output;

/// <summary>File names made of identifiers: safe in any file system, and different for different identifiers.</summary>
internal static class SafeFileName
{
    /// <summary>Longest name; leaves room for endings.</summary>
    public const int MaxLength = 120;

    private const int HashChars = 8;

    /// <summary>The identifier itself when it is safe; else its safe characters and a piece of its hash.</summary>
    public static string Of(string identifier)
    {
        var safe = string.Concat(identifier.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' ? c : '_'));
        if (safe == identifier && safe.Length is > 0 and <= MaxLength && safe[0] != '.') return safe;
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(identifier)))[..HashChars];
        return $"{safe[..Math.Min(safe.Length, MaxLength - HashChars - 1)].TrimStart('.')}-{hash}";
    }
}
