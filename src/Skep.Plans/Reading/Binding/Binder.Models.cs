using Skep.Plans.Reading.Yaml;

namespace Skep.Plans.Reading.Binding;

/// <summary>Reading texts that go to models.</summary>
internal sealed partial class Binder
{
    private const int MaxModelName = 256;

    /// <summary>The name of a model. Which models there are is known where the run happens; here only the form is checked.</summary>
    public string? ModelName(YamlNode node, string key)
    {
        if (LiteralText(node, key) is not { } text) return null;
        if (text.Length is > 0 and <= MaxModelName && !text.Any(c => char.IsWhiteSpace(c) || char.IsControl(c)) && text[0] != '/' && text[^1] != '/') return text;
        Error(DiagnosticCodes.BadValue, node.Span, $"'{DiagnosticBag.OneLine(text)}' is no name of a model; write provider/model without blanks, at most {MaxModelName} characters", text);
        return null;
    }

    /// <summary>A text in which expressions are not filled in: one that stands there is an error.</summary>
    public string? LiteralText(YamlNode node, string key)
    {
        if (Text(node, key) is not { } text) return null;
        if (Expressions.Template.MayHoldExpressions(text))
            Error(DiagnosticCodes.BadExpression, node.Span, $"'{key}' takes a text as it is; expressions are not filled in here", text);
        return text;
    }

    /// <summary>A longer text that is taken as it is; what looks like an expression may well be meant, so it is a warning.</summary>
    public string? PlainText(YamlNode node, string key)
    {
        if (Text(node, key) is not { } text) return null;
        if (Expressions.Template.MayHoldExpressions(text))
            Warning(DiagnosticCodes.UnusedExpression, node.Span, $"expressions are not filled in in '{key}'; what depends on the run belongs into the task's 'prompt'", text);
        return text;
    }
}
