using YamlDotNet.Core;

namespace Skep.Testing.Yaml;

/// <summary>A node of a YAML text with its place.</summary>
internal abstract record YamlNode(long Line, long Column)
{
    /// <summary>How messages name it.</summary>
    public abstract string Describe();
}

/// <summary>A text, number, boolean or null, as written.</summary>
internal sealed record YamlScalar(long Line, long Column, string Value, bool IsPlain) : YamlNode(Line, Column)
{
    /// <summary>Whether nothing stands there.</summary>
    public bool IsNull => IsPlain && Value is "" or "~" or "null";

    public override string Describe() => IsNull ? "nothing" : $"'{Value}'";
}

/// <summary>A list.</summary>
internal sealed record YamlList(long Line, long Column, List<YamlNode> Items) : YamlNode(Line, Column)
{
    public override string Describe() => "a list";
}

/// <summary>A mapping.</summary>
internal sealed record YamlMap(long Line, long Column, List<(YamlScalar Key, YamlNode Value)> Entries) : YamlNode(Line, Column)
{
    public override string Describe() => "a mapping";

    /// <summary>A value, or null.</summary>
    public YamlNode? Find(string key) => Entries.Find(e => e.Key.Value == key).Value;
}

/// <summary>Collects mistakes with their places.</summary>
internal sealed class Mistakes
{
    /// <summary>More are not told.</summary>
    public const int Max = 50;

    private readonly List<string> _all = [];

    /// <summary>Whether there are none.</summary>
    public bool IsEmpty => _all.Count == 0;

    /// <summary>Adds one.</summary>
    public void Add(YamlNode at, string message) => Add(at.Line, at.Column, message);

    /// <summary>Adds one.</summary>
    public void Add(Mark at, string message) => Add(at.Line, at.Column, message);

    /// <summary>Throws if there are any.</summary>
    public void ThrowIfAny()
    {
        if (!IsEmpty) throw new ScriptException(_all);
    }

    private void Add(long line, long column, string message)
    {
        if (_all.Count < Max) _all.Add($"{line}:{column}: {message}");
    }
}
