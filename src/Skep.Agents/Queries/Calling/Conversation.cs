using Microsoft.Extensions.AI;
using Skep.Models;

namespace Skep.Agents.Queries;

/// <summary>
/// A query's conversation as a model gets it. Each piece is made, and its tokens are counted, once, when it no longer changes: a long conversation costs a call
/// what is new in it. Used while nobody writes the state.
/// </summary>
internal sealed class Conversation(CallOptions options)
{
    private readonly long _around = TokenEstimate.Of([], new ChatOptions { Tools = [.. options.Tools] });
    private readonly List<Part> _parts = [];
    private Part? _system;

    /// <summary>The whole of it, the notes that wait included.</summary>
    public CallInput Of(QueryState state)
    {
        Follow(state);
        _system ??= new Part(null, [new ChatMessage(ChatRole.System, state.Start!.System)], true);
        var messages = new List<ChatMessage>(2 * _parts.Count + state.Notes.Count + 1);
        messages.AddRange(_system.Messages);
        foreach (var part in _parts) messages.AddRange(part.Messages);
        messages.AddRange(state.Notes.Select(Note));
        return new CallInput(messages, _system.Tokens + TokensFrom(state, 0), state.Notes.Count);
    }

    /// <summary>Input tokens of a call that leaves out the system prompt and the first items.</summary>
    public long TokensFrom(QueryState state, int item)
    {
        Follow(state);
        return _around + _parts.Skip(item).Sum(p => p.Tokens) + state.Notes.Sum(n => TokenEstimate.Of(Note(n)));
    }

    private static ChatMessage Note(NoteAdded note) => new(ChatRole.User, note.Text);

    /// <summary>A compaction replaces the beginning: then all is made anew.</summary>
    private void Follow(QueryState state)
    {
        var same = 0;
        while (same < _parts.Count && same < state.Items.Count && _parts[same] is { IsFinal: true } part && ReferenceEquals(part.Item, state.Items[same])) same++;
        _parts.RemoveRange(same, _parts.Count - same);
        for (var i = same; i < state.Items.Count; i++) _parts.Add(new Part(state.Items[i], Messages.Of(state.Items[i]), state.Items[i] is not TurnItem { IsSettled: false }));
    }

    private sealed class Part(QueryItem? item, ChatMessage[] messages, bool isFinal)
    {
        public QueryItem? Item { get; } = item;

        public ChatMessage[] Messages { get; } = messages;

        public long Tokens { get; } = messages.Sum(TokenEstimate.Of);

        public bool IsFinal { get; } = isFinal;
    }
}

/// <summary>What a call sends.</summary>
/// <param name="Messages">The conversation. Calls share the messages: nobody changes them.</param>
/// <param name="Tokens">Input tokens that it takes, the tools included, on the high side.</param>
/// <param name="Notes">How many of the notes that wait go with it.</param>
internal sealed record CallInput(IReadOnlyList<ChatMessage> Messages, long Tokens, int Notes);
