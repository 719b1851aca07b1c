using System.Net;

namespace Skep.Testing;

/// <summary>Ways in which a model's server fails.</summary>
public enum FaultKind
{
    /// <summary>An HTTP status with an error body.</summary>
    Status,

    /// <summary>The connection breaks before headers are sent.</summary>
    DropBeforeHeaders,

    /// <summary>The connection breaks between two pieces.</summary>
    Drop,

    /// <summary>The connection breaks in the middle of a frame.</summary>
    DropInFrame,

    /// <summary>The answer ends as if it were complete, but its end is missing.</summary>
    EndEarly,

    /// <summary>Nothing ever comes.</summary>
    Never,

    /// <summary>After some pieces nothing comes any more; the connection stays open.</summary>
    Stall,

    /// <summary>A frame that is no JSON; the answer goes on behind it.</summary>
    Malformed,

    /// <summary>A frame of JSON that means nothing in the wire format; the answer goes on behind it. A body that is not streamed is replaced.</summary>
    WrongJson,

    /// <summary>An error inside a stream that began well.</summary>
    ErrorInStream,

    /// <summary>Pieces without end.</summary>
    Endless,

    /// <summary>The answer does not say what it used.</summary>
    NoUsage,

    /// <summary>All calls of the answer have one id.</summary>
    DuplicateCallIds,

    /// <summary>The answer calls a tool that the request does not offer: its own calls, or <see cref="ScriptedFault.MissingTool"/> if it has none.</summary>
    UnknownTool,
}

/// <summary>How a connection breaks.</summary>
public enum DropStyle
{
    /// <summary>Reset (RST).</summary>
    Reset,

    /// <summary>Closed (FIN) before the answer is complete.</summary>
    Close,
}

/// <summary>What goes wrong with an answer.</summary>
public sealed record ScriptedFault
{
    /// <summary>The tool that <see cref="FaultKind.UnknownTool"/> calls if the answer calls none.</summary>
    public const string MissingTool = "no_such_tool";

    /// <summary>Bytes after which even an endless stream is given up by the server, with a broken connection.</summary>
    public const long MaxEndlessBytes = 1L << 30;

    private const int OverloadedStatus = 529;

    private ScriptedFault(FaultKind kind) => Kind = kind;

    /// <summary>The kind.</summary>
    public FaultKind Kind { get; }

    /// <summary>Pieces that come before it.</summary>
    public int After { get; init; }

    /// <summary>The status of <see cref="FaultKind.Status"/>.</summary>
    public int StatusCode { get; init; }

    /// <summary>The body of <see cref="FaultKind.Status"/>; null: the error that the wire format has for this status.</summary>
    public string? Body { get; init; }

    /// <summary>Further headers of <see cref="FaultKind.Status"/>.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>What <see cref="FaultKind.Status"/> says in <c>retry-after</c>, rounded up to seconds; null: nothing.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>How the connection breaks.</summary>
    public DropStyle Style { get; init; }

    /// <summary>Whether <see cref="FaultKind.Status"/> says that the conversation is too long for the model.</summary>
    public bool IsContextTooLong { get; init; }

    /// <summary>Whether the answer is not complete with this fault, so that nobody can have bought it.</summary>
    internal bool SpoilsAnswer => Kind is not (FaultKind.NoUsage or FaultKind.DuplicateCallIds or FaultKind.UnknownTool);

    /// <summary>The connection breaks before headers are sent.</summary>
    public static ScriptedFault DropBeforeHeaders { get; } = new(FaultKind.DropBeforeHeaders);

    /// <summary>Nothing ever comes.</summary>
    public static ScriptedFault NeverAnswers { get; } = new(FaultKind.Never);

    /// <summary>The answer does not say what it used.</summary>
    public static ScriptedFault NoUsage { get; } = new(FaultKind.NoUsage);

    /// <summary>All calls have one id.</summary>
    public static ScriptedFault DuplicateCallIds { get; } = new(FaultKind.DuplicateCallIds);

    /// <summary>A tool that does not exist is called.</summary>
    public static ScriptedFault UnknownTool { get; } = new(FaultKind.UnknownTool);

    /// <summary>The conversation is said to be too long for the model (400).</summary>
    public static ScriptedFault ContextTooLong { get; } = new(FaultKind.Status) { StatusCode = (int)HttpStatusCode.BadRequest, IsContextTooLong = true };

    /// <summary>An HTTP status.</summary>
    public static ScriptedFault Status(int status, TimeSpan? retryAfter = null, string? body = null) =>
        new(FaultKind.Status) { StatusCode = status, RetryAfter = retryAfter, Body = body };

    /// <summary>Too many requests (429).</summary>
    public static ScriptedFault RateLimited(TimeSpan? retryAfter = null) => Status((int)HttpStatusCode.TooManyRequests, retryAfter);

    /// <summary>Overloaded (529).</summary>
    public static ScriptedFault Overloaded(TimeSpan? retryAfter = null) => Status(OverloadedStatus, retryAfter);

    /// <summary>The connection breaks after some pieces.</summary>
    public static ScriptedFault DropAfter(int pieces, DropStyle style = DropStyle.Reset) => new(FaultKind.Drop) { After = pieces, Style = style };

    /// <summary>The connection breaks in the middle of the frame behind some pieces.</summary>
    public static ScriptedFault DropInFrame(int pieces, DropStyle style = DropStyle.Reset) => new(FaultKind.DropInFrame) { After = pieces, Style = style };

    /// <summary>The answer ends after some pieces, without its end.</summary>
    public static ScriptedFault EndAfter(int pieces) => new(FaultKind.EndEarly) { After = pieces };

    /// <summary>Nothing comes after some pieces.</summary>
    public static ScriptedFault StallAfter(int pieces) => new(FaultKind.Stall) { After = pieces };

    /// <summary>A frame behind some pieces is no JSON.</summary>
    public static ScriptedFault Malformed(int pieces = 0) => new(FaultKind.Malformed) { After = pieces };

    /// <summary>A frame behind some pieces is JSON without meaning.</summary>
    public static ScriptedFault WrongJson(int pieces = 0) => new(FaultKind.WrongJson) { After = pieces };

    /// <summary>An error stands in the stream behind some pieces.</summary>
    public static ScriptedFault ErrorInStream(int pieces = 0) => new(FaultKind.ErrorInStream) { After = pieces };

    /// <summary>Behind some pieces, more of them without end.</summary>
    public static ScriptedFault Endless(int pieces = 0) => new(FaultKind.Endless) { After = pieces };

    /// <summary>By kind, for readers of scripts.</summary>
    internal static ScriptedFault Of(FaultKind kind) => new(kind);
}
