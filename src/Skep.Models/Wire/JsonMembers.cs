using System.Text.Json;

namespace Skep.Models.Wire;

/// <summary>
/// Reads members that may be missing or null. What has the wrong type throws <see cref="InvalidOperationException"/>, which the reader of the stream
/// reports as a malformed answer.
/// </summary>
internal static class JsonMembers
{
    /// <summary>A member that is there and not null.</summary>
    public static bool Has(this JsonElement element, ReadOnlySpan<byte> name, out JsonElement value)
    {
        value = default;
        return element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out value) && value.ValueKind != JsonValueKind.Null;
    }

    /// <summary>A string, or null.</summary>
    public static string? Text(this JsonElement element, ReadOnlySpan<byte> name) => element.Has(name, out var value) ? value.GetString() : null;

    /// <summary>A whole number, or null; null too when it is too large or has a fraction.</summary>
    public static long? Number(this JsonElement element, ReadOnlySpan<byte> name) =>
        element.Has(name, out var value) && value.TryGetInt64(out var number) ? number : null;
}
