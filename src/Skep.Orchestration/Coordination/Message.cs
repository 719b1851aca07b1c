namespace Skep.Orchestration.Coordination;

/// <summary>Kinds of messages.</summary>
public static class MessageKinds
{
    /// <summary>Something to know.</summary>
    public const string Note = "note";

    /// <summary>A question that somebody waits for an answer to.</summary>
    public const string Ask = "ask";

    /// <summary>An answer.</summary>
    public const string Reply = "reply";

    /// <summary>A task that is handed over, with its context.</summary>
    public const string Handover = "handover";
}

/// <summary>A message.</summary>
/// <param name="Id">Its number; grows.</param>
/// <param name="AtUnixMs">When it was sent.</param>
/// <param name="Kind">One of <see cref="MessageKinds"/>.</param>
/// <param name="Sender">Who sent it.</param>
/// <param name="Text">What it says.</param>
/// <param name="Level">How urgent.</param>
/// <param name="Channel">What about.</param>
/// <param name="ReplyTo">The question that it answers.</param>
/// <param name="DeadlineUnixMs">For questions: until when the asker waits.</param>
/// <param name="Late">For answers: whether the asker no longer waited.</param>
/// <param name="Task">About which task.</param>
/// <param name="Run">Of which run.</param>
/// <param name="Data">For a hand-over: its context, as a JSON object.</param>
/// <param name="ReadUnixMs">When the recipient read it; null when it is new.</param>
public sealed record Message(
    long Id, long AtUnixMs, string Kind, string Sender, string Text, string? Level, string? Channel, long? ReplyTo, long? DeadlineUnixMs, bool Late,
    string? Task, string? Run, string? Data, long? ReadUnixMs);

/// <summary>What became of a message that was sent.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Delivered">Into whose inboxes it went.</param>
/// <param name="Full">Whose inboxes are full of unread messages, so that it did not go there.</param>
/// <param name="Unknown">Those of <paramref name="Delivered"/> that nobody has heard of yet.</param>
internal sealed record Sent(long Id, IReadOnlyList<string> Delivered, IReadOnlyList<string> Full, IReadOnlyList<string> Unknown);
