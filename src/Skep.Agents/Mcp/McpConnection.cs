using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using Skep.Orchestration.Output;

namespace Skep.Agents.Mcp;

/// <summary>
/// One MCP server: started when it is first needed, looked after, and started again when it has ended. Used by all agents at once.
/// </summary>
internal sealed class McpConnection(McpServerDefinition definition, TimeProvider time) : IAsyncDisposable
{
    /// <summary>Longest time until a server has begun and named its tools.</summary>
    public static readonly TimeSpan StartWithin = TimeSpan.FromSeconds(30);

    /// <summary>A server that has not been heard for so long is asked whether it lives before it is given a call.</summary>
    public static readonly TimeSpan HealthAfter = TimeSpan.FromSeconds(30);

    /// <summary>Longest wait for that answer.</summary>
    public static readonly TimeSpan HealthWithin = TimeSpan.FromSeconds(5);

    /// <summary>Most starts within <see cref="StartsWindow"/>; a server that needs more is not well.</summary>
    public const int MaxStarts = 5;

    /// <summary>See <see cref="MaxStarts"/>.</summary>
    public static readonly TimeSpan StartsWindow = TimeSpan.FromMinutes(10);

    /// <summary>Most tools of a server.</summary>
    public const int MaxTools = 1000;

    /// <summary>Last lines of a server's standard error that are kept, to say why it ended.</summary>
    public const int MaxErrorLines = 10;

    private readonly SemaphoreSlim _turn = new(1);
    private readonly SecretMasker _masker = definition.Secrets.Count == 0 ? SecretMasker.None : new SecretMasker(definition.Secrets);
    private readonly Queue<long> _starts = new();
    private readonly Queue<string> _errors = new();
    private Session? _session;
    private long _heard;

    /// <summary>Its tools that agents may be given, by name.</summary>
    /// <exception cref="McpServerException">It cannot be started or reached.</exception>
    public async Task<IReadOnlyList<Tool>> ToolsAsync(CancellationToken cancel) => (await OpenAsync(cancel)).Tools;

    /// <summary>Calls a tool.</summary>
    /// <param name="tool">Its name.</param>
    /// <param name="arguments">A JSON object.</param>
    /// <param name="key">Idempotency key, sent along as <c>skep/idempotency-key</c> of the request's metadata.</param>
    /// <param name="isRepeatable">Whether a call that was under way when the server ended may be made again.</param>
    /// <param name="cancel">Gives the call up.</param>
    /// <exception cref="McpServerException">It cannot be started or reached, did not answer in time, or ended during the call.</exception>
    public async Task<ToolResult> CallAsync(string tool, JsonElement arguments, string key, bool isRepeatable, CancellationToken cancel)
    {
        var parameters = new CallToolRequestParams
        {
            Name = tool,
            Arguments = arguments.EnumerateObject().ToDictionary(p => p.Name, p => p.Value, StringComparer.Ordinal),
            Meta = new JsonObject { ["skep/idempotency-key"] = key },
        };
        for (var tries = 0; ; tries++)
        {
            var session = await OpenAsync(cancel);
            if (await TryCallAsync(session, parameters, mayRepeat: isRepeatable && tries == 0, cancel) is { } result) return result;
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _turn.WaitAsync();
        await CloseAsync();
    }

    /// <summary>The result; null when the server ended and the call may be made again.</summary>
    private async Task<ToolResult?> TryCallAsync(Session session, CallToolRequestParams parameters, bool mayRepeat, CancellationToken cancel)
    {
        using var within = new CancellationTokenSource(definition.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, within.Token);
        try
        {
            var result = await session.Client.CallToolAsync(parameters, either.Token);
            _heard = time.GetTimestamp();
            return new ToolResult(_masker.MaskText(McpContent.TextOf(result)), result.IsError == true);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            if (!session.Client.Completion.IsCompleted)
                throw new McpServerException($"MCP server '{definition.Id}' did not answer '{parameters.Name}' within {definition.Timeout.TotalSeconds:0} s; whether it was done is not known ('timeout' of the server allows longer calls)");
        }
        catch (McpProtocolException e)
        {
            // The server says that the call is wrong: the model is told, and can do better.
            return ToolResult.Error(_masker.MaskText(e.Message));
        }
        catch (Exception e) when (IsConnection(e))
        {
            if (!mayRepeat) throw Lost(parameters.Name, e);
        }

        return mayRepeat ? null : throw Lost(parameters.Name, null);
    }

    private McpServerException Lost(string tool, Exception? cause) =>
        new(_masker.MaskText($"MCP server '{definition.Id}' ended during the call of '{tool}', and whether it was done is not known{(cause is null ? "" : ": " + cause.Message)}{Errors()}"));

    private async Task<Session> OpenAsync(CancellationToken cancel)
    {
        await _turn.WaitAsync(cancel);
        try
        {
            if (_session is { } living && await IsWellAsync(living, cancel)) return living;
            await CloseAsync();
            CountStart();
            _session = await StartAsync(cancel);
            _heard = time.GetTimestamp();
            return _session;
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<bool> IsWellAsync(Session session, CancellationToken cancel)
    {
        if (session.Client.Completion.IsCompleted) return false;
        if (time.GetElapsedTime(_heard) < HealthAfter) return true;
        using var within = new CancellationTokenSource(HealthWithin, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, within.Token);
        try
        {
            await session.Client.PingAsync(cancellationToken: either.Token);
            _heard = time.GetTimestamp();
            return true;
        }
        catch (McpProtocolException)
        {
            return true; // a server that answers that it knows no ping is well
        }
        catch (Exception e) when ((e is OperationCanceledException && !cancel.IsCancellationRequested) || IsConnection(e))
        {
            return false;
        }
    }

    private void CountStart()
    {
        while (_starts.TryPeek(out var first) && time.GetElapsedTime(first) > StartsWindow) _starts.Dequeue();
        if (_starts.Count >= MaxStarts)
            throw new McpServerException(_masker.MaskText($"MCP server '{definition.Id}' was started {MaxStarts} times in {StartsWindow.TotalMinutes:0} minutes and ended each time; it is started again when that is longer ago{Errors()}"));
        _starts.Enqueue(time.GetTimestamp());
    }

    private async Task<Session> StartAsync(CancellationToken cancel)
    {
        using var within = new CancellationTokenSource(StartWithin, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, within.Token);
        try
        {
            var options = new McpClientOptions { ClientInfo = new Implementation { Name = "skep", Version = "0.1" }, InitializationTimeout = StartWithin };
            var client = await McpClient.CreateAsync(Transport(), options, cancellationToken: either.Token);
            try
            {
                return new Session(client, await ListAsync(client, either.Token));
            }
            catch
            {
                await client.DisposeAsync();
                throw;
            }
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new McpServerException(_masker.MaskText($"MCP server '{definition.Id}' ({Where}) did not begin within {StartWithin.TotalSeconds:0} s{Errors()}"));
        }
        catch (Exception e) when (e is McpException || IsConnection(e))
        {
            throw new McpServerException(_masker.MaskText($"MCP server '{definition.Id}' ({Where}) cannot be {(definition.Url is null ? "started" : "reached")}: {e.Message}{Errors()}"));
        }
    }

    private string Where => definition.Url?.GetLeftPart(UriPartial.Path) ?? definition.Command[0];

    private async Task<IReadOnlyList<Tool>> ListAsync(McpClient client, CancellationToken cancel)
    {
        var tools = new List<Tool>();
        var page = new ListToolsRequestParams();
        do
        {
            var result = await client.ListToolsAsync(page, cancel);
            tools.AddRange(result.Tools.Where(t => definition.Offers(t.Name)));
            page = new ListToolsRequestParams { Cursor = result.NextCursor };
            if (tools.Count > MaxTools) throw new McpException($"it has more than {MaxTools} tools; name those that are needed under 'tools' of the server");
        }
        while (page.Cursor is not null);
        return tools;
    }

    private IClientTransport Transport() => definition.Url is { } url
        ? new HttpClientTransport(new HttpClientTransportOptions { Endpoint = url, Name = definition.Id, TransportMode = HttpTransportMode.StreamableHttp, AdditionalHeaders = new Dictionary<string, string>(definition.Headers) })
        : new StdioClientTransport(new StdioClientTransportOptions
        {
            Command = definition.Command[0],
            Arguments = [.. definition.Command.Skip(1)],
            Name = definition.Id,
            WorkingDirectory = definition.Folder,
            InheritEnvironmentVariables = false,
            EnvironmentVariables = definition.Environment.ToDictionary(e => e.Key, string? (e) => e.Value),
            StandardErrorLines = Note,
        });

    private void Note(string line)
    {
        lock (_errors)
        {
            _errors.Enqueue(line.Length > 500 ? line[..500] : line);
            if (_errors.Count > MaxErrorLines) _errors.Dequeue();
        }
    }

    private string Errors()
    {
        lock (_errors) return _errors.Count == 0 ? "" : $". Its last words: {string.Join(" | ", _errors)}";
    }

    private static bool IsConnection(Exception e) => e is McpException or IOException or HttpRequestException or ObjectDisposedException or InvalidOperationException or System.ComponentModel.Win32Exception;

    private async Task CloseAsync()
    {
        if (_session is not { } session) return;
        _session = null;
        await session.Client.DisposeAsync();
    }

    private sealed record Session(McpClient Client, IReadOnlyList<Tool> Tools);
}
