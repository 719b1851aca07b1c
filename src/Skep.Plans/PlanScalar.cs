using System.Text.Encodings.Web;

namespace Skep.Plans;

/// <summary>Texts as programs write them into plans.</summary>
public static class PlanScalar
{
    /// <summary>A text in double quotes: what JSON writes is a scalar of YAML, too.</summary>
    public static string Quote(string text) => $"\"{JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text)}\"";

    /// <summary>A text of which nothing is an expression.</summary>
    public static string Literal(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Replace("${", "$${", StringComparison.Ordinal);
    }
}
