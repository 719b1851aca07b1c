using Skep.Plans.Expressions;
using Skep.Plans.Reading.Yaml;

namespace Skep.Plans.Reading.Binding;

/// <summary>Reading expressions: their syntax is checked here, their names are noted for the validator.</summary>
internal sealed partial class Binder
{
    /// <summary>Checks the expressions of a text and returns the text.</summary>
    public string Template(YamlScalar scalar, string text) => Template(text, offset => scalar.At(offset));

    /// <summary>Checks the expressions of a text whose positions a function knows.</summary>
    public string Template(string text, Func<int, SourceSpan> at)
    {
        if (!Expressions.Template.MayHoldExpressions(text)) return text;
        try
        {
            foreach (var part in Expressions.Template.Split(text))
                if (part.IsExpression) Note(part.Text, offset => at(part.Offset + offset), isControl: false);
        }
        catch (ExpressionException e)
        {
            Error(DiagnosticCodes.BadExpression, at(e.Offset ?? 0), e.Message, text);
        }

        return text;
    }

    /// <summary>A list of texts, or a single text, that may hold expressions.</summary>
    public IReadOnlyList<string> Templates(YamlNode node, string key)
    {
        foreach (var item in node is YamlSequence list ? list.Items : [node])
            if (item is YamlScalar { IsNull: false } scalar) Template(scalar, scalar.Value);
        return TextList(node, key);
    }

    /// <summary>A condition: an expression with or without <c>${…}</c> around the whole of it.</summary>
    public PlanExpression? Condition(YamlNode node, string key)
    {
        if (Text(node, key) is not { } text) return null;
        var scalar = (YamlScalar)node;
        if (!Expressions.Template.IsWhole(text, out var inside) && Expressions.Template.MayHoldExpressions(text))
        {
            Error(DiagnosticCodes.BadExpression, scalar.Span, $"'{key}' is one expression; write it without '${{ }}', or put a single '${{ }}' around the whole of it", text);
            return null;
        }

        return Control(scalar, inside.Length > 0 ? inside : text, inside.Length > 0 ? 2 : 0);
    }

    /// <summary>An expression that must stand in <c>${…}</c>.</summary>
    public PlanExpression? Whole(YamlNode node, string key)
    {
        if (Text(node, key) is not { } text) return null;
        var scalar = (YamlScalar)node;
        if (Expressions.Template.IsWhole(text, out var inside)) return Control(scalar, inside, 2);
        Error(DiagnosticCodes.BadValue, node.Span, $"'{key}' must be a list or one expression such as ${{memory.items}}", text);
        return null;
    }

    private PlanExpression? Control(YamlScalar scalar, string text, int shift) =>
        Note(text, offset => scalar.At(shift + offset), isControl: true) ? new PlanExpression(text, scalar.Span) : null;

    private bool Note(string expression, Func<int, SourceSpan> at, bool isControl)
    {
        try
        {
            foreach (var path in ReferenceWalk.Of(ExpressionCache.Parse(expression)))
                Sources.References.Add(new Reference(Owner, path.Path, at(path.Offset), isControl));
            return true;
        }
        catch (ExpressionException e)
        {
            Error(DiagnosticCodes.BadExpression, at(e.Offset ?? 0), e.Message, expression);
            return false;
        }
    }
}
