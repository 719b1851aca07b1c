using System.Collections.Frozen;
using Skep.Plans.Reading.Yaml;
using Skep.Plans.Schema;

namespace Skep.Plans.Reading.Binding;

/// <summary>Reads the value of a key into a draft.</summary>
internal delegate void KeyBinder<in T>(Binder binder, T draft, YamlNode value);

/// <summary>A key of a mapping: its name, what the schema says of it, and how it is read.</summary>
internal sealed record Key<T>(string Name, string Description, Shape Shape, KeyBinder<T> Bind, bool IsRequired = false) : IKey;

/// <summary>What the schema needs to know of a key.</summary>
internal interface IKey
{
    string Name { get; }

    string Description { get; }

    Shape Shape { get; }

    bool IsRequired { get; }
}

/// <summary>What the schema needs to know of a mapping.</summary>
internal interface IKeyTable
{
    /// <summary>Name among the schema's definitions.</summary>
    string Name { get; }

    string Description { get; }

    IEnumerable<IKey> Keys { get; }

    /// <summary>Whether there may be other keys.</summary>
    bool IsOpen { get; }
}

/// <summary>
/// The keys of one kind of mapping. The binder reads by it and the schema is written from it, so the two cannot drift apart.
/// </summary>
/// <param name="name">Name among the schema's definitions.</param>
/// <param name="label">What the mapping is, for messages: <c>a task</c>.</param>
/// <param name="description">What it is for.</param>
/// <param name="keys">The keys.</param>
internal sealed class KeyTable<T>(string name, string label, string description, params Key<T>[] keys) : IKeyTable
{
    private readonly FrozenDictionary<string, Key<T>> _byName = keys.ToFrozenDictionary(k => k.Name, StringComparer.Ordinal);
    private readonly string[] _names = [.. keys.Select(k => k.Name)];
    private readonly Key<T>[] _required = [.. keys.Where(k => k.IsRequired)];

    /// <inheritdoc />
    public string Name => name;

    /// <inheritdoc />
    public string Description => description;

    /// <summary>What the mapping is, for messages.</summary>
    public string Label => label;

    /// <summary>Whether keys that are not known are read over with a warning: in files that others have written for other programs.</summary>
    public bool IsOpen { get; init; }

    /// <summary>A key by its name.</summary>
    public Key<T> this[string key] => _byName[key];

    /// <inheritdoc />
    IEnumerable<IKey> IKeyTable.Keys => keys;

    /// <summary>Reads all entries of a mapping; unknown, empty and missing keys are reported. False when it is no mapping.</summary>
    public bool Bind(Binder binder, YamlNode node, T draft)
    {
        if (node is not YamlMapping mapping)
        {
            binder.WrongType(node, $"{label} must be a mapping with keys such as {string.Join(", ", _names.Where(n => n[0] != '$').Take(4))}");
            return false;
        }

        foreach (var (key, value) in mapping.Entries)
        {
            if (!_byName.TryGetValue(key.Value, out var known)) Unknown(binder, key);
            else if (value is YamlScalar { IsNull: true }) Empty(binder, key);
            else known.Bind(binder, draft, value);
        }

        foreach (var key in _required)
            if (mapping.Find(key.Name) is null) Missing(binder, mapping, key);
        return true;
    }

    private void Empty(Binder binder, YamlScalar key)
    {
        var message = $"'{key.Value}' has no value; give it one or remove the key";
        if (IsOpen) binder.Warning(DiagnosticCodes.BadValue, key.Span, message, key.Value);
        else binder.Error(DiagnosticCodes.BadValue, key.Span, message, key.Value);
    }

    private void Unknown(Binder binder, YamlScalar key)
    {
        var shown = DiagnosticBag.OneLine(key.Value);
        var close = Suggestion.For(key.Value, _names);
        if (IsOpen)
        {
            binder.Warning(DiagnosticCodes.IgnoredKey, key.Span, $"'{shown}' is not known and has no effect{(close is null ? "" : $"; did you mean '{close}'?")}", key.Value);
            return;
        }

        var hint = close is not null ? $"did you mean '{close}'?" : $"allowed are {string.Join(", ", _names)}";
        binder.Error(DiagnosticCodes.UnknownKey, key.Span, $"unknown key '{shown}' in {label}; {hint}", key.Value);
    }

    private void Missing(Binder binder, YamlMapping mapping, Key<T> key) =>
        binder.Error(DiagnosticCodes.MissingKey, mapping.Span, $"{label} needs the key '{key.Name}': {char.ToLowerInvariant(key.Description[0])}{key.Description[1..].TrimEnd('.')}");
}
