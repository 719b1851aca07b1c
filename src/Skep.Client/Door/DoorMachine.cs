using System.Text;
using System.Text.Json;

namespace Skep.Client.Door;

/// <summary>
/// Stands before the full program's MCP server, which takes a while to start: what a client asks first is answered from a catalogue, all else is passed on.
/// A pure state machine over lines: it is told what client and server say, and returns what is to be done, in order. For one caller at a time.
/// <para>
/// The client's own <c>initialize</c> is said to every server that is started, and a server's answer to it is kept from the client when that has had one. Where a
/// server is not what the catalogue says, the client is told that the list has changed, and lists come from the server from then on.
/// </para>
/// </summary>
internal sealed class DoorMachine(DoorCatalogue catalogue, bool all)
{
    /// <summary>Most messages that wait while the server starts; one more is refused.</summary>
    public const int MaxWaiting = 256;

    /// <summary>Most bytes of them.</summary>
    public const int MaxWaitingBytes = 32 * 1024 * 1024;

    /// <summary>So many servers in a row may end without having answered a call; then calls are refused.</summary>
    public const int MaxFailures = 3;

    /// <summary>Requests of one line above this many bytes are never ours to answer.</summary>
    private const int MaxOwn = 4096;

    /// <summary>The id of our own look at the server's list.</summary>
    private const string CheckId = "\"skepc/check\"";

    private const int InternalError = -32603;
    private static readonly byte[] Nothing = "{}"u8.ToArray();
    private static readonly byte[] ListChanged = Line("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/tools/list_changed\"}");
    private static readonly byte[] Check = Line($"{{\"jsonrpc\":\"2.0\",\"id\":{CheckId},\"method\":\"tools/list\"}}");

    private readonly List<DoorEffect> _effects = [];
    private readonly List<(byte[] Line, MessageHead Head)> _waiting = [];
    private readonly HashSet<string> _inFlight = new(StringComparer.Ordinal);
    private readonly HashSet<string> _askedByServer = new(StringComparer.Ordinal);
    private readonly byte[] _tools = all ? catalogue.All : catalogue.Default;
    private Server _server = Server.None;
    private byte[]? _initialize;
    private byte[]? _initialized;
    private string _initializeId = "";
    private string _protocol = "";
    private string _why = "";
    private long _waitingBytes;
    private int _failures;
    private bool _trusted;
    private bool _told;

    private enum Server
    {
        None,
        Starting,
        Ready,
    }

    /// <summary>Whether the catalogue answers for the server: a client has begun with a version that it holds for, and no server was seen to differ.</summary>
    public bool Trusted => _trusted;

    /// <summary>The client says a line.</summary>
    public IReadOnlyList<DoorEffect> ClientSays(byte[] line)
    {
        _effects.Clear();
        var head = MessageHead.Of(line);
        switch (head)
        {
            case { Kind: MessageKind.Request, Method: "initialize" } when _initialize is null: Begin(line, head.Id); break;
            case { Kind: MessageKind.Request, Method: "ping" } when IsPlain(line): Answer(head.Id, Nothing); break;
            case { Kind: MessageKind.Request, Method: "tools/list" } when _trusted && IsPlain(line): Answer(head.Id, _tools); break;
            case { Kind: MessageKind.Response }: PassAnswer(line, head.Id); break;
            case { Kind: MessageKind.Notification }: PassNotification(line, head.Method); break;
            default: PassRequest(line, head); break;
        }

        return _effects;
    }

    /// <summary>The client has left.</summary>
    public IReadOnlyList<DoorEffect> ClientEnds()
    {
        _effects.Clear();
        if (_server == Server.Ready) Do(DoorAct.CloseServer);
        else if (_server == Server.Starting) Do(DoorAct.DropServer);
        return _effects;
    }

    /// <summary>The server says a line.</summary>
    public IReadOnlyList<DoorEffect> ServerSays(byte[] line)
    {
        _effects.Clear();
        var head = MessageHead.Of(line);
        if (head.Kind == MessageKind.Response && _server == Server.Starting && head.Id == _initializeId) Ready(line);
        else if (head is { Kind: MessageKind.Response, Id: CheckId }) Compare(MessageHead.Result(line), _tools);
        else Pass(line, head);
        return _effects;
    }

    /// <summary>The server has ended, or could not be started.</summary>
    /// <param name="why">What happened, for the client.</param>
    public IReadOnlyList<DoorEffect> ServerEnds(string why)
    {
        _effects.Clear();
        _failures++;
        (_server, _why) = (Server.None, why);
        foreach (var id in _inFlight) Refuse(id, $"skep's server ended before it had answered: {why}. What was asked may have been done: look before you ask again; the next call starts the server anew");
        foreach (var (_, head) in _waiting)
            if (head.Kind == MessageKind.Request) Refuse(head.Id, $"skep's server ended before it was ready: {why}");
        ForgetUntoldBeginning();
        _inFlight.Clear();
        _askedByServer.Clear();
        _waiting.Clear();
        _waitingBytes = 0;
        return _effects;
    }

    private void Begin(byte[] line, string id)
    {
        (_initialize, _initializeId) = (line, id);
        _protocol = Unquoted(MessageHead.Param(line, "protocolVersion"u8));
        _trusted = _told = catalogue.Protocols.Contains(_protocol);
        if (_trusted) Answer(id, Encoding.UTF8.GetBytes(catalogue.InitializeAtDoor(_protocol)));
        Start();
    }

    private void Start()
    {
        Do(DoorAct.StartServer);
        _server = _initialize is null ? Server.Ready : Server.Starting;
        if (_initialize is not null) ToServer(_initialize);
    }

    /// <summary>A client whose beginning the server should have answered may begin again.</summary>
    private void ForgetUntoldBeginning()
    {
        if (_initialize is null || _told) return;
        Refuse(_initializeId, $"skep's server ended before it was ready: {_why}");
        _initialize = null;
    }

    /// <summary>The server has answered <c>initialize</c>: what waits is said, and then we look whether it is what we said that it was.</summary>
    private void Ready(byte[] line)
    {
        _server = Server.Ready;
        if (!_told) ToClient(line);
        else if (_trusted) Compare(MessageHead.Result(line), Encoding.UTF8.GetBytes(catalogue.Initialize(_protocol)));
        _told = true;
        if (_initialized is not null) ToServer(_initialized);
        foreach (var (waiting, head) in _waiting) Send(waiting, head);
        _waiting.Clear();
        _waitingBytes = 0;
        if (_trusted) ToServer(Check);
    }

    private void Compare(ReadOnlySpan<byte> live, ReadOnlySpan<byte> known)
    {
        if (!_trusted || live.SequenceEqual(known)) return;
        _trusted = false;
        ToClient(ListChanged);
    }

    private void PassAnswer(byte[] line, string id)
    {
        // An answer to what a server asked that has ended since is nobody's.
        if (_server == Server.Ready && _askedByServer.Remove(id)) ToServer(line);
    }

    private void PassNotification(byte[] line, string method)
    {
        if (method == "notifications/initialized") _initialized = line;
        else if (_server == Server.Starting) Wait(line, new MessageHead(MessageKind.Notification, "", method));
        if (method == "notifications/cancelled" && line.Length <= MaxOwn) _inFlight.Remove(MessageHead.Param(line, "requestId"u8));
        if (_server == Server.Ready) ToServer(line);
    }

    private void PassRequest(byte[] line, MessageHead head)
    {
        if (_server == Server.None && _failures >= MaxFailures)
        {
            if (head.Kind == MessageKind.Request) Refuse(head.Id, $"skep's server ended {_failures} times without an answer, the last time so: {_why}. Try 'skep mcp' by hand, and reconnect when it works");
            return;
        }

        if (_server == Server.None) Start();
        if (_server == Server.Ready) Send(line, head);
        else Wait(line, head);
    }

    private void Wait(byte[] line, MessageHead head)
    {
        if (_waiting.Count >= MaxWaiting || _waitingBytes + line.Length > MaxWaitingBytes)
        {
            if (head.Kind == MessageKind.Request) Refuse(head.Id, $"skep's server is starting, and {_waiting.Count} messages ({_waitingBytes} bytes) wait for it already; ask again in a moment");
            return;
        }

        _waiting.Add((line, head));
        _waitingBytes += line.Length;
    }

    private void Send(byte[] line, MessageHead head)
    {
        if (head.Kind == MessageKind.Request) _inFlight.Add(head.Id);
        ToServer(line);
    }

    private void Pass(byte[] line, MessageHead head)
    {
        if (head.Kind == MessageKind.Request) _askedByServer.Add(head.Id);
        else if (head.Kind == MessageKind.Response && _inFlight.Remove(head.Id)) _failures = 0;
        ToClient(line);
    }

    /// <summary>Whether a request has nothing of its own: no page to start at, and no protocol version other than the session's.</summary>
    private static bool IsPlain(ReadOnlySpan<byte> line) =>
        line.Length <= MaxOwn && line.IndexOf("modelcontextprotocol"u8) < 0 && MessageHead.Param(line, "cursor"u8).Length == 0;

    private static string Unquoted(string raw) => raw.Length > 1 && raw[0] == '"' ? raw[1..^1] : "";

    private void Answer(string id, ReadOnlySpan<byte> result) => ToClient([.. "{\"result\":"u8, .. result, .. Encoding.UTF8.GetBytes($",\"id\":{id},\"jsonrpc\":\"2.0\"}}\n")]);

    private void Refuse(string id, string message) =>
        ToClient(Line($"{{\"error\":{{\"code\":{InternalError},\"message\":\"{JsonEncodedText.Encode(message)}\"}},\"id\":{id},\"jsonrpc\":\"2.0\"}}"));

    private void ToClient(byte[] line) => _effects.Add(new DoorEffect(DoorAct.ToClient, line));

    private void ToServer(byte[] line) => _effects.Add(new DoorEffect(DoorAct.ToServer, line));

    private void Do(DoorAct act) => _effects.Add(new DoorEffect(act, []));

    private static byte[] Line(string text) => Encoding.UTF8.GetBytes(text + "\n");
}
