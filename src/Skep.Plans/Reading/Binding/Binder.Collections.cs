using System.Globalization;
using Skep.Plans.Reading.Yaml;

namespace Skep.Plans.Reading.Binding;

/// <summary>Reading lists, mappings and free values.</summary>
internal sealed partial class Binder
{
    private static readonly System.Buffers.SearchValues<char> NumberCharacters = System.Buffers.SearchValues.Create("0123456789.eE+-");

    /// <summary>A list of texts, or a single text.</summary>
    public IReadOnlyList<string> TextList(YamlNode node, string key)
    {
        if (node is YamlScalar) return Text(node, key) is { } single ? [single] : [];
        if (List(node, key, "texts") is not { } items) return [];
        var texts = new List<string>(items.Count);
        foreach (var item in items)
            if (Text(item, key) is { } text) texts.Add(text);
        return texts;
    }

    /// <summary>A list of texts in which expressions are not filled in.</summary>
    public IReadOnlyList<string> LiteralList(YamlNode node, string key)
    {
        foreach (var item in node is YamlSequence sequence ? sequence.Items : [node])
            if (item is YamlScalar scalar && Expressions.Template.MayHoldExpressions(scalar.Value))
                Error(DiagnosticCodes.BadExpression, scalar.Span, $"'{key}' takes texts as they are; expressions are not filled in here", scalar.Value);
        return TextList(node, key);
    }

    /// <summary>The items of a list, or null with an error.</summary>
    public List<YamlNode>? List(YamlNode node, string key, string of)
    {
        if (node is YamlSequence sequence) return sequence.Items;
        WrongType(node, $"'{key}' must be a list of {of}");
        return null;
    }

    /// <summary>The entries of a mapping, or null with an error.</summary>
    public List<YamlEntry>? Map(YamlNode node, string key, string form)
    {
        if (node is YamlMapping mapping) return mapping.Entries;
        WrongType(node, $"'{key}' must be a mapping such as {form}");
        return null;
    }

    /// <summary>Environment variables. Values may hold expressions.</summary>
    public IReadOnlyDictionary<string, string> Environment(YamlNode node, string key)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in Map(node, key, "{ NAME: value }") ?? [])
        {
            if (!IsVariableName(name.Value))
                Error(DiagnosticCodes.BadValue, name.Span, $"'{DiagnosticBag.OneLine(name.Value)}' is no name of an environment variable; use letters, digits and '_'", name.Value);
            else if (value is YamlScalar { IsNull: true, Value: "" }) values[name.Value] = "";
            else if (Text(value, name.Value) is { } text) values[name.Value] = Template((YamlScalar)value, text);
            if (value is YamlScalar scalar) Sources.EnvironmentValues.Add(new EnvironmentValue(name, scalar));
        }

        return values;
    }

    /// <summary>Values by name, as YAML types them. Texts may hold expressions when <paramref name="areTemplates"/> says so.</summary>
    public Dictionary<string, PlanValue> Values(YamlNode node, string key, bool areTemplates)
    {
        var values = new Dictionary<string, PlanValue>(StringComparer.Ordinal);
        foreach (var (name, value) in Map(node, key, "{ name: value }") ?? [])
            values[name.Value] = Value(value, areTemplates);
        return values;
    }

    /// <summary>A value as YAML's core schema types it. The depth is bounded by the tree's.</summary>
    public PlanValue Value(YamlNode node, bool areTemplates)
    {
        switch (node)
        {
            case YamlSequence sequence:
                var items = new PlanValue[sequence.Items.Count];
                for (var i = 0; i < items.Length; i++) items[i] = Value(sequence.Items[i], areTemplates);
                return PlanValue.Of(items);
            case YamlMapping mapping:
                var members = new Dictionary<string, PlanValue>(StringComparer.Ordinal);
                foreach (var (key, value) in mapping.Entries) members[key.Value] = Value(value, areTemplates);
                return PlanValue.Of(members);
            default:
                var scalar = (YamlScalar)node;
                var typed = scalar.IsPlain ? Plain(scalar) : PlanValue.Of(scalar.Value);
                if (typed.AsText is not { } text) return typed;
                if (areTemplates) Template(scalar, text);
                else if (Expressions.Template.MayHoldExpressions(text))
                    Warning(DiagnosticCodes.UnusedExpression, scalar.Span, "expressions are not filled in here; this text is taken as it is", text);
                return typed;
        }
    }

    private PlanValue Plain(YamlScalar scalar)
    {
        if (scalar.IsNull) return PlanValue.Null;
        var text = scalar.Value;
        if (text is "true" or "True" or "TRUE") return PlanValue.Of(true);
        if (text is "false" or "False" or "FALSE") return PlanValue.Of(false);
        if (!IsDecimal(text) || !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || !double.IsFinite(number)) return PlanValue.Of(text);
        var value = PlanValue.Of(number);
        // Long digits (serial numbers, hashes) are no numbers that a double can hold.
        if (text.AsSpan().IndexOfAny(".eE") < 0 && Math.Abs(number) > 9_007_199_254_740_991) return PlanValue.Of(text);
        if (text.Contains('.', StringComparison.Ordinal) && text[^1] == '0')
            Warning(DiagnosticCodes.NumberAsText, scalar.Span, $"{text} is a number and reads {value.ToText()} when it is used as text; put it into quotes if the zeros matter", text);
        return value;
    }

    /// <summary>A number without a leading zero: postal codes and file modes stay texts.</summary>
    private static bool IsDecimal(string text)
    {
        var digits = text.AsSpan(text[0] is '-' or '+' ? 1 : 0);
        return !digits.IsEmpty && char.IsAsciiDigit(digits[0]) && (digits.Length == 1 || digits[0] != '0' || digits[1] is '.' or 'e' or 'E')
            && digits.IndexOfAnyExcept(NumberCharacters) < 0;
    }

    private static bool IsVariableName(string text) =>
        text.Length is > 0 and <= 256 && !char.IsAsciiDigit(text[0]) && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');
}
