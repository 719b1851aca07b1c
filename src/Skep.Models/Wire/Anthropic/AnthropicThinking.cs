using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Skep.Models.Wire.Anthropic;

/// <summary>
/// How hard a model is to think. Models up to the 4.5 family take a number of tokens, later ones a level. Not asked for, nothing is sent.
/// </summary>
internal static class AnthropicThinking
{
    /// <summary>The provider's smallest number of tokens to think with.</summary>
    private const int MinBudget = 1024;

    private static readonly string[] WithBudget =
        ["claude-3-7", "claude-opus-4-0", "claude-opus-4-1", "claude-opus-4-2", "claude-opus-4-5", "claude-sonnet-4-0", "claude-sonnet-4-2", "claude-sonnet-4-5", "claude-haiku-4-5"];

    public static void Write(Utf8JsonWriter json, string model, ReasoningEffort? effort, int maxTokens)
    {
        if (effort is null) return;
        if (effort is ReasoningEffort.None) WriteType(json, "disabled", null);
        else if (WithBudget.Any(name => model.StartsWith(name, StringComparison.Ordinal))) WriteBudget(json, effort.Value, maxTokens);
        else WriteLevel(json, effort.Value);
    }

    // What is thought counts as a part of the longest answer; at least half of that is left to the answer itself.
    private static void WriteBudget(Utf8JsonWriter json, ReasoningEffort effort, int maxTokens)
    {
        var budget = Math.Min(maxTokens / 2, effort switch
        {
            ReasoningEffort.Low => 2048,
            ReasoningEffort.Medium => 8192,
            ReasoningEffort.High => 16_384,
            _ => 32_768,
        });
        if (budget >= MinBudget) WriteType(json, "enabled", budget);
    }

    private static void WriteLevel(Utf8JsonWriter json, ReasoningEffort effort)
    {
        WriteType(json, "adaptive", null);
        json.WriteStartObject("output_config"u8);
        json.WriteString("effort"u8, effort switch
        {
            ReasoningEffort.Low => "low"u8,
            ReasoningEffort.Medium => "medium"u8,
            ReasoningEffort.High => "high"u8,
            _ => "max"u8,
        });
        json.WriteEndObject();
    }

    private static void WriteType(Utf8JsonWriter json, string type, int? budget)
    {
        json.WriteStartObject("thinking"u8);
        json.WriteString("type"u8, type);
        if (budget is { } tokens) json.WriteNumber("budget_tokens"u8, tokens);
        json.WriteEndObject();
    }
}
