using System.Globalization;
using System.Text.RegularExpressions;

namespace Skep.Testing.Yaml;

/// <summary>Reads the values of a mapping by name and type. What is wrong is added to the mistakes, and reads as null.</summary>
internal sealed class Fields
{
    private static readonly (string Unit, double Milliseconds)[] Units = [("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000)];
    private readonly YamlMap _map;
    private readonly Mistakes _mistakes;

    private Fields(YamlMap map, Mistakes mistakes) => (_map, _mistakes) = (map, mistakes);

    /// <summary>The mapping that is read.</summary>
    public YamlMap Map => _map;

    /// <summary>Reads a mapping that has these keys.</summary>
    /// <param name="node">The node; something else than a mapping is a mistake.</param>
    /// <param name="what">What it is, for messages.</param>
    /// <param name="mistakes">Takes mistakes.</param>
    /// <param name="known">The keys.</param>
    public static Fields? Of(YamlNode node, string what, Mistakes mistakes, params string[] known)
    {
        if (node is not YamlMap map)
        {
            mistakes.Add(node, $"{what} is a mapping, not {node.Describe()}; its keys are {string.Join(", ", known)}");
            return null;
        }

        foreach (var (key, _) in map.Entries)
            if (!known.Contains(key.Value)) mistakes.Add(key, $"{what} has no key '{key.Value}'; it has {string.Join(", ", known)}");
        return new Fields(map, mistakes);
    }

    /// <summary>A node that is there and not null.</summary>
    public YamlNode? Node(string key) => _map.Find(key) is { } node && node is not YamlScalar { IsNull: true } ? node : null;

    /// <summary>A text.</summary>
    public string? Text(string key) => Scalar(key, "a text")?.Value;

    /// <summary>A list of texts; one alone will do.</summary>
    public IReadOnlyList<string> Texts(string key)
    {
        if (Node(key) is not YamlList list) return Text(key) is { } one ? [one] : [];
        foreach (var item in list.Items)
            if (item is not YamlScalar) _mistakes.Add(item, $"'{key}' is a list of texts, not of {item.Describe()}");
        return [.. list.Items.OfType<YamlScalar>().Select(s => s.Value)];
    }

    /// <summary>Texts by name.</summary>
    public IReadOnlyDictionary<string, string> Named(string key)
    {
        var named = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        if (Node(key) is not { } node) return named;
        if (node is not YamlMap map)
        {
            _mistakes.Add(node, $"'{key}' is a mapping of names to texts, not {node.Describe()}");
            return named;
        }

        foreach (var (name, value) in map.Entries)
            if (value is YamlScalar text) named[name.Value] = text.Value;
            else _mistakes.Add(value, $"'{name.Value}' is a text, not {value.Describe()}");
        return named;
    }

    /// <summary>A whole number.</summary>
    public long? Whole(string key, long least, long most = long.MaxValue)
    {
        if (Scalar(key, "a whole number") is not { } scalar) return null;
        var text = scalar.Value.Replace("_", "", StringComparison.Ordinal);
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most) return number;
        var bounds = most == long.MaxValue ? $"from {least} on" : $"from {least} to {most}";
        _mistakes.Add(scalar, $"'{key}' is a whole number {bounds}, not '{scalar.Value}'");
        return null;
    }

    /// <summary>A whole number that fits an <see cref="int"/>.</summary>
    public int? Int(string key, int least) => (int?)Whole(key, least, int.MaxValue);

    /// <summary>A boolean.</summary>
    public bool? Bool(string key) => Word(key, ("true", true), ("false", false));

    /// <summary>One of some words.</summary>
    public T? Word<T>(string key, params (string Word, T Value)[] words)
        where T : struct
    {
        if (Scalar(key, "a word") is not { } scalar) return null;
        foreach (var (word, value) in words)
            if (word == scalar.Value) return value;
        _mistakes.Add(scalar, $"'{key}' is one of {string.Join(", ", words.Select(w => w.Word))}, not '{scalar.Value}'");
        return null;
    }

    /// <summary>A time with its unit.</summary>
    public TimeSpan? Time(string key)
    {
        if (Scalar(key, "a time such as 50ms or 2s") is not { } scalar) return null;
        foreach (var (unit, factor) in Units)
        {
            if (!scalar.Value.EndsWith(unit, StringComparison.Ordinal)) continue;
            if (!double.TryParse(scalar.Value.AsSpan(0, scalar.Value.Length - unit.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount)) continue;
            if (amount * factor < TimeSpan.MaxValue.TotalMilliseconds / 2) return TimeSpan.FromMilliseconds(amount * factor);
        }

        _mistakes.Add(scalar, $"'{key}' is a time with its unit (ms, s, m, h), such as 50ms or 2s, not '{scalar.Value}'");
        return null;
    }

    /// <summary>A regular expression.</summary>
    public Regex? Regex(string key)
    {
        if (Scalar(key, "a regular expression") is not { } scalar) return null;
        try
        {
            return RequestMatch.Pattern(scalar.Value);
        }
        catch (ArgumentException e)
        {
            _mistakes.Add(scalar, $"'{key}' is no regular expression: {e.Message}");
            return null;
        }
    }

    private YamlScalar? Scalar(string key, string what)
    {
        switch (Node(key))
        {
            case null:
                return null;
            case YamlScalar scalar:
                return scalar;
            case var other:
                _mistakes.Add(other, $"'{key}' is {what}, not {other.Describe()}");
                return null;
        }
    }
}
