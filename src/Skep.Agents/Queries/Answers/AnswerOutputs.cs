using System.Text.Json;
using Skep.Orchestration;
using Skep.Orchestration.Commands;

namespace Skep.Agents.Queries;

/// <summary>What a model's answer gives to the tasks that follow: <c>answer</c> in whole, and of a structured one each member of the top level.</summary>
internal static class AnswerOutputs
{
    /// <summary>Name of the output that holds the whole answer.</summary>
    public const string Answer = "answer";

    /// <summary>The result of an attempt that got this answer.</summary>
    public static AttemptResult Result(string text, string? schema)
    {
        var outputs = new Dictionary<string, string>(StringComparer.Ordinal) { [Answer] = schema is null ? text : AnswerSchema.Json(text) };
        if (schema is not null) AddMembers(outputs, outputs[Answer]);
        foreach (var (name, value) in outputs)
            if (OutputParser.ProblemOf(name, value) is { } problem) return AttemptResult.Failure($"the model's answer cannot be kept: {problem}", retryable: false);
        return new AttemptResult { Outcome = AttemptOutcome.Succeeded, Outputs = outputs };
    }

    private static void AddMembers(Dictionary<string, string> outputs, string json)
    {
        using var answer = JsonDocument.Parse(json);
        if (answer.RootElement.ValueKind != JsonValueKind.Object) return;
        foreach (var member in answer.RootElement.EnumerateObject())
        {
            var value = member.Value.ValueKind == JsonValueKind.String ? member.Value.GetString()! : member.Value.GetRawText();
            if (OutputParser.ProblemOf(member.Name, value) is null) outputs.TryAdd(member.Name, value);
        }
    }
}
