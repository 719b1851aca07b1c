using System.Globalization;
using Skep.Plans;

namespace Skep.Orchestration.Hooks;

/// <summary>The flags of one call, checked against the catalog.</summary>
public sealed class HookFlags
{
    private readonly Dictionary<string, string> _values;

    private HookFlags(Dictionary<string, string> values) => _values = values;

    /// <summary>All that were given; switches as <c>true</c> or <c>false</c>.</summary>
    public IReadOnlyDictionary<string, string> Values => _values;

    /// <summary>Checks flags. Null with a problem when one is unknown, missing, or not of its kind.</summary>
    public static HookFlags? Check(HookDefinition hook, IEnumerable<KeyValuePair<string, string>> given, out string? problem)
    {
        ArgumentNullException.ThrowIfNull(hook);
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, text) in given)
        {
            if (hook.Flag(name) is not { } flag)
            {
                problem = $"'{hook.Name}' has no flag '--{name}': {Suggest(hook, name)}";
                return null;
            }

            if (Normal(flag, text) is not { } value)
            {
                problem = $"'--{name}' is '{Orchestration.Text.Shorten(text, 60)}': give {Wanted(flag.Kind)}";
                return null;
            }

            values[name] = value;
        }

        problem = hook.Missing is null && hook.Flags.FirstOrDefault(f => f.Required && values.GetValueOrDefault(f.Name, "").Length == 0) is { } missing
            ? $"'{hook.Name}' needs --{missing.Name}: {missing.Description}" : null;
        return problem is null ? new HookFlags(values) : null;
    }

    /// <summary>A text, or null.</summary>
    public string? Text(string name) => _values.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;

    /// <summary>Whether a switch is on; null when it was not given.</summary>
    public bool? Switch(string name) => _values.TryGetValue(name, out var value) ? value == "true" : null;

    /// <summary>Whether a switch was given and is on.</summary>
    public bool IsOn(string name) => Switch(name) == true;

    /// <summary>A number, or null.</summary>
    public double? Number(string name) => _values.TryGetValue(name, out var value) ? double.Parse(value, CultureInfo.InvariantCulture) : null;

    /// <summary>The flags that were given and that nothing is done about.</summary>
    public IEnumerable<HookFlag> NotActedOn(HookDefinition hook) =>
        hook.Flags.Where(f => f.NotActedOn is not null && _values.TryGetValue(f.Name, out var value) && value != "false");

    /// <summary>What an unknown flag was probably meant to be.</summary>
    public static string Suggest(HookDefinition hook, string name)
    {
        ArgumentNullException.ThrowIfNull(hook);
        return Suggestion.Hint("--" + name, [.. hook.Flags.Concat(HookCatalog.Common).Select(f => "--" + f.Name)], "its flags");
    }

    private static string? Normal(HookFlag flag, string text) => flag.Kind switch
    {
        HookFlagKind.Switch => text.Trim().ToLowerInvariant() switch { "" or "true" or "yes" or "on" or "1" => "true", "false" or "no" or "off" or "0" => "false", _ => null },
        HookFlagKind.Whole => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var whole) ? whole.ToString(CultureInfo.InvariantCulture) : null,
        HookFlagKind.Number => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number.ToString("R", CultureInfo.InvariantCulture) : null,
        _ => text,
    };

    private static string Wanted(HookFlagKind kind) => kind switch
    {
        HookFlagKind.Switch => "true or false",
        HookFlagKind.Whole => "a whole number such as 3",
        _ => "a number such as 0.5",
    };
}
