using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Skep.Storage;

/// <summary>SHA-256 in the one spelling that is accepted: 64 lower-case hex digits. Anything else could be a path.</summary>
internal static class Sha256Hex
{
    private const int Length = SHA256.HashSizeInBytes * 2;

    internal static bool IsValid([NotNullWhen(true)] string? text) => text is { Length: Length } && text.All(char.IsAsciiHexDigitLower);

    internal static string Require(string text) =>
        IsValid(text) ? text : throw new ArgumentException($"'{text}' is no SHA-256: give {Length} lower-case hex digits", nameof(text));
}
