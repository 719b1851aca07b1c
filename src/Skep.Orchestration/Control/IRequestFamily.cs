using System.Text.Json;

namespace Skep.Orchestration;

/// <summary>
/// Requests of one kind to the owner of a folder, such as all <c>memory.*</c>. One instance serves all callers; it is thread-safe. The seam
/// for further kinds: the same code answers over the socket and in a process that becomes the owner for a moment.
/// </summary>
public interface IRequestFamily
{
    /// <summary>The part of the op before the dot.</summary>
    string Name { get; }

    /// <summary>Carries a request out. What it changed is durable when the task completes.</summary>
    /// <returns>The result as JSON.</returns>
    /// <exception cref="RequestException">It cannot be carried out, for a reason that the caller is to know.</exception>
    Task<JsonElement> HandleAsync(FamilyRequest request, CancellationToken cancel);
}

/// <summary>A request to an <see cref="IRequestFamily"/>.</summary>
/// <param name="Op">The op without the family's name: <c>get</c>.</param>
/// <param name="Args">Its arguments; <see cref="JsonValueKind.Undefined"/> when there are none.</param>
/// <param name="Id">The same for every delivery of this request: whoever records facts uses it to record each once.</param>
/// <param name="By">Who asks, shortened.</param>
/// <param name="SendAsync">For requests that stream: sends one element before the result.</param>
public sealed record FamilyRequest(string Op, JsonElement Args, string Id, string By, Func<JsonElement, CancellationToken, ValueTask> SendAsync);

/// <summary>A request cannot be carried out; the message is for whoever asked.</summary>
/// <param name="code">One of <see cref="RequestCodes"/>.</param>
/// <param name="message">What is wrong and how to fix it.</param>
public sealed class RequestException(string code, string message) : Exception(message)
{
    /// <summary>One of <see cref="RequestCodes"/>.</summary>
    public string Code { get; } = code;
}

/// <summary>Why a request was not carried out, for programs.</summary>
public static class RequestCodes
{
    /// <summary>The request itself is wrong.</summary>
    public const string BadRequest = "bad-request";

    /// <summary>What it names is not there.</summary>
    public const string NotFound = "not-found";

    /// <summary>Somebody else was faster: an expected version is not the actual one.</summary>
    public const string Conflict = "conflict";

    /// <summary>A bound is exceeded.</summary>
    public const string TooLarge = "too-large";

    /// <summary>It does not fit the present state, or a rule forbids it.</summary>
    public const string Refused = "refused";

    /// <summary>Nobody answered in time.</summary>
    public const string TimedOut = "timed-out";

    /// <summary>The owner speaks another version of the protocol.</summary>
    public const string Version = "version";

    /// <summary>The store cannot be read or written.</summary>
    public const string Storage = "storage";

    /// <summary>A fault in the owner.</summary>
    public const string Internal = "internal";
}
