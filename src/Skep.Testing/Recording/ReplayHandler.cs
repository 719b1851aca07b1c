using System.Net;
using System.Text;
using Skep.Testing.Wire;

namespace Skep.Testing;

/// <summary>
/// Answers from a cassette. Requests are matched by method, path and the canonical form of their body: keys sorted, no white space, numbers by value, secrets masked. The same request is answered
/// as it was the first time, the second time and so on. Thread-safe.
/// </summary>
public sealed class ReplayHandler : HttpMessageHandler
{
    private readonly CassetteOptions _options;
    private readonly Masker _masker;
    private readonly List<Recorded> _all;
    private readonly Dictionary<string, Queue<Recorded>> _left = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    /// <summary>Prepares a cassette.</summary>
    /// <exception cref="ArgumentException">A secret is too short.</exception>
    public ReplayHandler(Cassette cassette, CassetteOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(cassette);
        _options = options ?? CassetteOptions.Default;
        _masker = new Masker(_options);
        _all = [.. cassette.Entries.Select((e, i) => new Recorded(i + 1, e, Form(e.Body)))];
        foreach (var recorded in _all)
        {
            if (!_left.TryGetValue(recorded.Key, out var queue)) _left[recorded.Key] = queue = new Queue<Recorded>();
            queue.Enqueue(recorded);
        }
    }

    /// <summary>Reads a cassette from a file.</summary>
    /// <exception cref="InvalidDataException">A line is no exchange.</exception>
    public static ReplayHandler FromFile(string path, CassetteOptions? options = null) => new(Cassette.Load(path), options);

    /// <summary>Recorded exchanges that nobody has asked for yet.</summary>
    public int Left
    {
        get
        {
            lock (_gate) return _all.Count(r => !r.IsUsed);
        }
    }

    /// <inheritdoc />
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var keys = Masker.Keys(request.Headers.NonValidated.Select(h => new KeyValuePair<string, string>(h.Key, h.Value.ToString())));
        var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        var asked = new Recorded(0, new CassetteEntry(request.Method.Method, _masker.Text(request.RequestUri!.PathAndQuery, keys), "", 0, ""), Form(_masker.Text(body, keys)));
        return Response(request, Take(asked).Entry);
    }

    private Recorded Take(Recorded asked)
    {
        lock (_gate)
        {
            if (!_left.TryGetValue(asked.Key, out var queue)) throw Unmatched(asked);
            if (queue.Count == 0) throw new CassetteMismatchException($"The cassette has this request {_all.Count(r => r.Key == asked.Key)} times, and it came once more: {Short(asked.Form)}\nRecord again, or set {nameof(CassetteOptions)}.{nameof(CassetteOptions.RepeatLast)}.");
            var found = queue.Count == 1 && _options.RepeatLast ? queue.Peek() : queue.Dequeue();
            found.IsUsed = true;
            return found;
        }
    }

    private CassetteMismatchException Unmatched(Recorded asked)
    {
        var nearest = _all.Select(r => (Recorded: r, Differences: Differences(r, asked))).MinBy(p => p.Differences.Count);
        if (nearest.Recorded is null) return new CassetteMismatchException($"The cassette is empty, and {asked.Entry.Method} {asked.Entry.Path} was asked. Record it first.");
        const int Shown = 8;
        var lines = string.Join('\n', nearest.Differences.Take(Shown).Select(d => "  " + d));
        var more = nearest.Differences.Count > Shown ? $"\n  and {nearest.Differences.Count - Shown} more" : "";
        return new CassetteMismatchException(
            $"The cassette does not have this request: {asked.Entry.Method} {asked.Entry.Path}\nThe nearest is exchange {nearest.Recorded.Number} of {_all.Count}; what differs:\n{lines}{more}\nRecord again, or leave what may differ out of the match ({nameof(CassetteOptions)}.{nameof(CassetteOptions.Ignore)}).");
    }

    private static List<string> Differences(Recorded recorded, Recorded asked)
    {
        List<string> differences = [];
        if (recorded.Entry.Method != asked.Entry.Method) differences.Add($"method: recorded {recorded.Entry.Method}, asked {asked.Entry.Method}");
        if (recorded.Entry.Path != asked.Entry.Path) differences.Add($"path: recorded {recorded.Entry.Path}, asked {asked.Entry.Path}");
        differences.AddRange(JsonDifferences.Between(recorded.Form, asked.Form));
        return differences;
    }

    private string Form(string body)
    {
        using var document = JsonIn.Parse(Encoding.UTF8.GetBytes(body));
        return document is null ? body : CanonicalJson.Of(document.RootElement, _options.Ignore.Contains);
    }

    private static HttpResponseMessage Response(HttpRequestMessage request, CassetteEntry entry)
    {
        var stream = new ReplyStream(new WireReply(Steps(entry), null), TimeProvider.System);
        var response = new HttpResponseMessage((HttpStatusCode)entry.Status) { RequestMessage = request, Content = new StreamContent(stream) };
        foreach (var (name, value) in entry.AnswerHeaders)
            if (!response.Headers.TryAddWithoutValidation(name, value)) response.Content.Headers.TryAddWithoutValidation(name, value);
        return response;
    }

    /// <summary>Frame by frame, as a stream would come.</summary>
    private static IEnumerable<WireStep> Steps(CassetteEntry entry)
    {
        for (var at = 0; at < entry.Answer.Length;)
        {
            var frame = entry.Answer.IndexOf("\n\n", at, StringComparison.Ordinal);
            var end = frame < 0 ? entry.Answer.Length : frame + 2;
            yield return WireStep.Write(Encoding.UTF8.GetBytes(entry.Answer[at..end]));
            at = end;
        }

        if (entry.IsBroken) yield return WireStep.Drop(DropStyle.Close);
    }

    private static string Short(string text) => text.Length <= 200 ? text : text[..200] + "…";

    private sealed class Recorded(int number, CassetteEntry entry, string form)
    {
        public int Number { get; } = number;

        public CassetteEntry Entry { get; } = entry;

        public string Form { get; } = form;

        public string Key { get; } = $"{entry.Method} {entry.Path}\n{form}";

        public bool IsUsed { get; set; }
    }
}

/// <summary>A cassette has no answer for a request. The message names the nearest recorded one and what differs.</summary>
/// <param name="message">The message.</param>
public sealed class CassetteMismatchException(string message) : Exception(message);
