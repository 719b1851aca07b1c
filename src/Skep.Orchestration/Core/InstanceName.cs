using System.Globalization;

namespace Skep.Orchestration;

/// <summary>Names of agents, the living instances of agent specs: <c>SPEC-NUMBER</c>, numbers from 1.</summary>
internal static class InstanceName
{
    /// <summary>The name of an instance.</summary>
    public static string Of(string spec, int number) => string.Create(CultureInfo.InvariantCulture, $"{spec}-{number}");

    /// <summary>The number of an instance of a spec; 0 when the name is none of its instances: a person's name, say, or that of a gate.</summary>
    public static int NumberOf(string spec, string? name)
    {
        if (name is null || spec.Length == 0 || name.Length <= spec.Length + 1 || name[spec.Length] != '-' || !name.StartsWith(spec, StringComparison.Ordinal)) return 0;
        return Number(name.AsSpan(spec.Length + 1));
    }

    /// <summary>The spec that a name belongs to, and its number; null when it is not of that form.</summary>
    public static (string Spec, int Number)? Parse(string name)
    {
        var dash = name.LastIndexOf('-');
        return dash > 0 && Number(name.AsSpan(dash + 1)) is > 0 and var number ? (name[..dash], number) : null;
    }

    /// <summary>Only as the number is written by us: one agent has one name.</summary>
    private static int Number(ReadOnlySpan<char> digits) =>
        digits is { Length: > 0 and < 10 } && digits[0] != '0' && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
