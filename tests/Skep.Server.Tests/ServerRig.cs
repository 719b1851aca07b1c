using System.Net;
using System.Net.Http.Headers;
using System.Text;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using Skep.Mcp;
using Skep.Orchestration;
using Skep.Storage;

namespace Skep.Server.Tests;

/// <summary>A folder behind an HTTP server in this process.</summary>
internal sealed class ServerRig : IAsyncDisposable
{
    public const string Token = "a-token-of-the-tests";
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private const string Initialize = """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}""";
    private const string Initialized = """{"jsonrpc":"2.0","method":"notifications/initialized"}""";

    private readonly string _root = Directory.CreateTempSubdirectory("skep-server-").FullName;
    private readonly SkepMcpServer _mcp;

    private ServerRig()
    {
        Folder = SkepFolder.Create(_root);
        _mcp = new SkepMcpServer(new SkepMcpSettings
        {
            Folder = Folder,
            Workspace = _root,
            Host = new SkepHostOptions(),
            RunId = plan => plan + "-1",
            ModelProblem = _ => "no model in these tests",
            By = "tester",
            IdleAfter = TimeSpan.FromMinutes(10),
        });
    }

    public SkepFolder Folder { get; }

    public SkepServer Server { get; private set; } = null!;

    public HttpClient Http { get; } = new();

    public static async Task<ServerRig> StartAsync(Func<SkepServerOptions, SkepServerOptions>? options = null)
    {
        var rig = new ServerRig();
        rig.Server = await SkepServer.StartAsync(rig._mcp.Options, (options ?? (static o => o))(new SkepServerOptions { Token = Token }));
        return rig;
    }

    /// <summary>The library's client.</summary>
    public Task<McpClient> ConnectAsync(McpClientOptions? options = null) => McpClient.CreateAsync(new HttpClientTransport(new HttpClientTransportOptions
    {
        Endpoint = Server.McpUrl,
        TransportMode = HttpTransportMode.StreamableHttp,
        AdditionalHeaders = new Dictionary<string, string> { ["Authorization"] = "Bearer " + Token },
    }), options).WaitAsync(Patience);

    /// <summary>A request as a well-behaved client makes it.</summary>
    public HttpRequestMessage Request(HttpMethod method, string? body = null, string? session = null)
    {
        var request = new HttpRequestMessage(method, Server.McpUrl) { Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Accept.ParseAdd("application/json");
        request.Headers.Accept.ParseAdd("text/event-stream");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        if (session is not null) request.Headers.Add("Mcp-Session-Id", session);
        return request;
    }

    public HttpRequestMessage Opening() => Request(HttpMethod.Post, Initialize);

    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request) => await Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).WaitAsync(Patience);

    /// <summary>Status and body of an answer that ends.</summary>
    public async Task<(HttpStatusCode Status, string Body)> AskAsync(HttpRequestMessage request)
    {
        using var response = await SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync().WaitAsync(Patience));
    }

    /// <summary>Begins a session by hand; returns its id.</summary>
    public async Task<string> BeginAsync()
    {
        using var response = await SendAsync(Opening());
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await response.Content.ReadAsStringAsync().WaitAsync(Patience);
        var id = Assert.Single(response.Headers.GetValues("Mcp-Session-Id"));
        Assert.Equal(HttpStatusCode.Accepted, (await AskAsync(Request(HttpMethod.Post, Initialized, id))).Status);
        return id;
    }

    /// <summary>Says something in a session; returns the status.</summary>
    public async Task<HttpStatusCode> PingAsync(string session) => (await AskAsync(Request(HttpMethod.Post, """{"jsonrpc":"2.0","id":7,"method":"ping"}""", session))).Status;

    public static Dictionary<string, object?> Entry(string action, string key, string? value = null) => value is null
        ? new() { ["action"] = action, ["key"] = key }
        : new() { ["action"] = action, ["key"] = key, ["value"] = value };

    public static string TextOf(CallToolResult result) => string.Join('\n', result.Content.OfType<TextContentBlock>().Select(c => c.Text));

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Server.DisposeAsync();
        await _mcp.DisposeAsync();
        Directory.Delete(_root, recursive: true);
    }
}
