using System.Text.Json;

namespace Skep.Agents.Queries;

/// <summary>Checks a model's answer against the JSON Schema that its task gives.</summary>
public static class AnswerSchema
{
    /// <summary>Most problems that are told at once: a model mends a few at a time better than many.</summary>
    public const int MaxProblems = 8;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 64 };

    /// <summary>The problems of an answer; empty when it fits.</summary>
    /// <param name="schema">The schema as JSON.</param>
    /// <param name="text">The answer: one JSON value, possibly in a fenced block.</param>
    public static IReadOnlyList<string> Check(string schema, string text)
    {
        using var rules = JsonDocument.Parse(schema, Strict);
        try
        {
            using var answer = JsonDocument.Parse(Json(text), Strict);
            var checker = new SchemaChecker(MaxProblems);
            checker.Check(rules.RootElement, answer.RootElement, "the answer");
            return checker.Problems;
        }
        catch (JsonException e)
        {
            return [$"it is no JSON ({e.Message.Split('.')[0]})"];
        }
    }

    /// <summary>The JSON of an answer: without the fence around it, and without what stands before and after the fence.</summary>
    public static string Json(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var trimmed = text.Trim();
        var fence = trimmed.IndexOf("```", StringComparison.Ordinal);
        if (fence < 0 || trimmed.StartsWith('{') || trimmed.StartsWith('[')) return trimmed;
        var begin = trimmed.IndexOf('\n', fence);
        var end = begin < 0 ? -1 : trimmed.IndexOf("```", begin, StringComparison.Ordinal);
        return end < 0 ? trimmed : trimmed[begin..end].Trim();
    }
}
