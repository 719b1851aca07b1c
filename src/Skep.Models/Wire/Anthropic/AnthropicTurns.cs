using Microsoft.Extensions.AI;

namespace Skep.Models.Wire.Anthropic;

/// <summary>One turn as the messages format wants it: neighbours of one side are one turn.</summary>
/// <param name="IsAssistant">Whose turn it is.</param>
/// <param name="Contents">What is in it. Of a user's turn: results of tools first.</param>
internal sealed record AnthropicTurn(bool IsAssistant, List<AIContent> Contents);

/// <summary>
/// Arranges a conversation for the messages format: leading system messages stand apart; turns alternate; the results of parallel calls are in one
/// turn, before any text; nothing is empty.
/// </summary>
internal sealed class AnthropicTurns
{
    /// <summary>What a system message in the middle is put between: the format knows system text only at the beginning.</summary>
    private const string SystemOpen = "<system>\n";
    private const string SystemClose = "\n</system>";

    private AnthropicTurns()
    {
    }

    /// <summary>The system text, in pieces.</summary>
    public List<string> System { get; } = [];

    /// <summary>The turns.</summary>
    public List<AnthropicTurn> Turns { get; } = [];

    public static AnthropicTurns Of(IEnumerable<ChatMessage> messages, string? instructions)
    {
        var all = new AnthropicTurns();
        if (!string.IsNullOrWhiteSpace(instructions)) all.System.Add(instructions);
        foreach (var message in messages) all.Add(message);
        return all;
    }

    private void Add(ChatMessage message)
    {
        WireContent.Check(message);
        if (WireContent.IsSystem(message))
        {
            var text = message.Text;
            if (string.IsNullOrWhiteSpace(text)) return;
            if (Turns.Count == 0) System.Add(text);
            else Put(new TextContent(SystemOpen + text + SystemClose), assistant: false);
            return;
        }

        foreach (var content in message.Contents)
            if (IsWorthSending(content)) Put(content, message.Role == ChatRole.Assistant);
    }

    private void Put(AIContent content, bool assistant)
    {
        if (Turns.Count == 0 || Turns[^1].IsAssistant != assistant) Turns.Add(new(assistant, []));
        var contents = Turns[^1].Contents;
        var at = content is FunctionResultContent ? contents.FindLastIndex(c => c is FunctionResultContent) + 1 : contents.Count;
        contents.Insert(at, content);
    }

    // Blank text is refused by the provider. Reasoning that carries no signature is another model's.
    private static bool IsWorthSending(AIContent content) => content switch
    {
        TextContent text => !string.IsNullOrWhiteSpace(text.Text),
        TextReasoningContent reasoning => !string.IsNullOrEmpty(reasoning.ProtectedData),
        UsageContent => false,
        _ => true,
    };
}
