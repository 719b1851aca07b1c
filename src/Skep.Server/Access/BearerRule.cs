using System.Security.Cryptography;
using System.Text;

namespace Skep.Server.Access;

/// <summary>Whether a request brings the token. The time that the answer takes tells nothing about it.</summary>
internal sealed class BearerRule(string? token)
{
    private const string Scheme = "Bearer ";

    private readonly byte[]? _expected = token is null ? null : Hash(token);

    /// <summary>Looks at an <c>Authorization</c> header; empty when there was none.</summary>
    public bool Allows(string header) =>
        _expected is null
        || (header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) && CryptographicOperations.FixedTimeEquals(_expected, Hash(header[Scheme.Length..].Trim())));

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
