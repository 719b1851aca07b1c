using Microsoft.Extensions.AI;

namespace Skep.Agents.Queries;

/// <summary>Tokens of a conversation, without a tokenizer: a token for each three characters, which is more than languages with spaces need.</summary>
internal static class TokenEstimate
{
    private const int CharsPerToken = 3, PerMessage = 8, PerTool = 64;

    public static long Of(string text) => text.Length / CharsPerToken + 4;

    public static long Of(IReadOnlyList<ChatMessage> messages, IReadOnlyList<AITool> tools) =>
        messages.Sum(m => PerMessage + m.Contents.Sum(Of)) + tools.Sum(t => PerTool + Of(t.Description));

    private static long Of(AIContent content) => content switch
    {
        TextContent text => Of(text.Text),
        TextReasoningContent thought => Of(thought.Text) + Of(thought.ProtectedData ?? ""),
        FunctionCallContent call => PerMessage + (call.Arguments?.Sum(a => Of(a.Key) + Of(a.Value?.ToString() ?? "")) ?? 0),
        FunctionResultContent result => PerMessage + Of(result.Result?.ToString() ?? ""),
        _ => PerMessage,
    };
}
