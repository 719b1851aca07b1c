using System.Security.Cryptography;
using System.Text;

namespace Skep.Testing.Wire.Anthropic;

/// <summary>What ties thinking to what follows it. Nothing is remembered: a signature is a hash, and an id says whether there was thinking before its call.</summary>
internal static class ThinkingMarks
{
    private const string Thoughtful = "toolu_01T";
    private const string Plain = "toolu_01";

    /// <summary>The signature of a text of thinking.</summary>
    public static string Signature(string thinking) => Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes($"skep/{thinking}")));

    /// <summary>Id of a call.</summary>
    public static string CallId(string hash, bool thinks) => (thinks ? Thoughtful : Plain) + hash;

    /// <summary>Whether the call with this id came behind thinking.</summary>
    public static bool WasThoughtBefore(string id) => id.StartsWith(Thoughtful, StringComparison.Ordinal);
}
