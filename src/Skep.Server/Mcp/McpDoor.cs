using System.Net.ServerSentEvents;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Skep.Server.Streams;

namespace Skep.Server.Mcp;

/// <summary>
/// The protocol's Streamable HTTP: POST brings a message and takes the events that belong to it, GET takes those that belong to none or goes on with a stream
/// that broke, DELETE ends the session.
/// </summary>
internal sealed class McpDoor(McpSessions sessions, Func<McpServerOptions> options, CancellationToken stopping)
{
    private const string SessionHeader = "Mcp-Session-Id";
    private const string VersionHeader = "MCP-Protocol-Version";
    private const string Json = "application/json";
    private const string Events = "text/event-stream";

    /// <summary>Answers a request whose sender may ask.</summary>
    public Task HandleAsync(HttpContext context)
    {
        var version = context.Request.Headers[VersionHeader].ToString();
        if (version.Length > 0 && !ProtocolVersions.All.Contains(version))
            return McpReply.ErrorAsync(context, 400, McpReply.Refused, $"this server does not speak version '{Shown(version)}' of the protocol; it speaks {string.Join(", ", ProtocolVersions.All)}");
        return context.Request.Method switch
        {
            "POST" => PostAsync(context, version),
            "GET" => GetAsync(context),
            "DELETE" => DeleteAsync(context),
            _ => NoMethodAsync(context),
        };
    }

    private static Task NoMethodAsync(HttpContext context)
    {
        context.Response.Headers.Allow = "GET, POST, DELETE";
        return McpReply.ErrorAsync(context, 405, McpReply.Refused, "use POST, GET or DELETE");
    }

    private async Task PostAsync(HttpContext context, string version)
    {
        if (!Accepts(context, Json, Events)) await McpReply.ErrorAsync(context, 406, McpReply.Refused, $"the answer is {Json} or {Events}: accept both");
        else if (!context.Request.HasJsonContentType()) await McpReply.ErrorAsync(context, 415, McpReply.Refused, $"the body must be {Json}");
        else if (await ReadAsync(context) is not { } message) return;
        else if (ProtocolVersions.HasNoSessions(version)) await AloneAsync(context, message, version);
        else await InSessionAsync(context, message, version);
    }

    /// <summary>The message of a body; null when that is none, which has been answered then.</summary>
    private static async Task<JsonRpcMessage?> ReadAsync(HttpContext context)
    {
        try
        {
            if (await JsonSerializer.DeserializeAsync(context.Request.Body, MessageJson.Info, context.RequestAborted) is { } message) return message;
            await McpReply.ErrorAsync(context, 400, McpReply.ParseError, "the body is no JSON-RPC message");
        }
        catch (JsonException)
        {
            await McpReply.ErrorAsync(context, 400, McpReply.ParseError, "the body is not one JSON-RPC 2.0 message in JSON; several messages in one body are not taken");
        }
        catch (BadHttpRequestException e)
        {
            await McpReply.ErrorAsync(context, e.StatusCode, McpReply.Refused, e.Message);
        }

        return null;
    }

    private async Task InSessionAsync(HttpContext context, JsonRpcMessage message, string version)
    {
        if (await SessionAsync(context, message) is not { } session) return;
        try
        {
            if (version.Length > 0) (message.Context ??= new JsonRpcMessageContext()).ProtocolVersion = version;
            context.Response.Headers[SessionHeader] = session.Id;
            McpReply.BeginEvents(context);
            if (!await session.Transport.HandlePostRequestAsync(message, context.Response.Body, context.RequestAborted)) McpReply.Accepted(context);
        }
        finally
        {
            sessions.Leave(session);
        }
    }

    /// <summary>The session that a message is for, or a new one; null when there is none, which has been answered then.</summary>
    private async Task<McpSession?> SessionAsync(HttpContext context, JsonRpcMessage message)
    {
        var id = message is JsonRpcRequest request ? request.Id : default;
        if (context.Request.Headers[SessionHeader].ToString() is { Length: > 0 } named)
        {
            if (sessions.Enter(named) is { } known) return known;
            await McpReply.ErrorAsync(context, 404, McpReply.NoSession, "there is no such session, or it has ended; begin a new one with 'initialize'", id);
            return null;
        }

        if (message is not JsonRpcRequest { Method: RequestMethods.Initialize })
        {
            await McpReply.ErrorAsync(context, 400, McpReply.Refused, $"the header {SessionHeader} is missing; a session begins with 'initialize'", id);
            return null;
        }

        if (await sessions.OpenAsync() is { } opened) return opened;
        context.Response.Headers.RetryAfter = "10";
        await McpReply.ErrorAsync(context, 503, McpReply.Refused, $"all {sessions.Count} sessions of this server are in use; end one with DELETE", id);
        return null;
    }

    /// <summary>A message of a version without sessions: a server for it alone.</summary>
    private async Task AloneAsync(HttpContext context, JsonRpcMessage message, string version)
    {
        (message.Context ??= new JsonRpcMessageContext()).ProtocolVersion = version;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        await using var transport = new StreamableHttpServerTransport { Stateless = true };
        await using var server = McpServer.Create(transport, options());
        var running = server.RunAsync(stop.Token);
        McpReply.BeginEvents(context);
        if (!await transport.HandlePostRequestAsync(message, context.Response.Body, stop.Token)) McpReply.Accepted(context);
        await transport.DisposeAsync();
        await running;
    }

    private async Task GetAsync(HttpContext context)
    {
        if (!Accepts(context, Events)) await McpReply.ErrorAsync(context, 406, McpReply.Refused, $"the answer is {Events}: accept it");
        else if (await NamedAsync(context) is { } session)
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
            try
            {
                context.Response.Headers[SessionHeader] = session.Id;
                if (context.Request.Headers["Last-Event-ID"].ToString() is { Length: > 0 } last) await GoOnAsync(context, session, last, stop.Token);
                else await FollowAsync(context, session, stop.Token);
            }
            finally
            {
                sessions.Leave(session);
            }
        }
    }

    private async Task<McpSession?> NamedAsync(HttpContext context)
    {
        var id = context.Request.Headers[SessionHeader].ToString();
        if (id.Length == 0) await McpReply.ErrorAsync(context, 400, McpReply.Refused, $"the header {SessionHeader} is missing");
        else if (sessions.Enter(id) is { } session) return session;
        else await McpReply.ErrorAsync(context, 404, McpReply.NoSession, "there is no such session, or it has ended; begin a new one with 'initialize'");
        return null;
    }

    private static async Task FollowAsync(HttpContext context, McpSession session, CancellationToken cancel)
    {
        if (!session.TryTakeStream())
        {
            await McpReply.ErrorAsync(context, 409, McpReply.Refused, "this session has its stream already; there is one at a time");
            return;
        }

        try
        {
            McpReply.BeginEvents(context);
            await context.Response.Body.FlushAsync(cancel);
            await session.Transport.HandleGetRequestAsync(context.Response.Body, cancel);
        }
        finally
        {
            session.LeaveStream();
        }
    }

    private async Task GoOnAsync(HttpContext context, McpSession session, string last, CancellationToken cancel)
    {
        var reader = await sessions.Events.GetStreamReaderAsync(last, cancel);
        if (reader is null || reader.SessionId != session.Id)
        {
            await McpReply.ErrorAsync(context, 400, McpReply.Refused, $"what followed event '{Shown(last)}' is not kept any more; open a stream without Last-Event-ID");
            return;
        }

        McpReply.BeginEvents(context);
        await context.Response.Body.FlushAsync(cancel);
        await SseFormatter.WriteAsync(
            reader.ReadEventsAsync(cancel),
            context.Response.Body,
            static (item, buffer) =>
            {
                if (item.Data is null) return;
                using var json = new Utf8JsonWriter(buffer);
                JsonSerializer.Serialize(json, item.Data, MessageJson.Info);
            },
            cancel);
    }

    private async Task DeleteAsync(HttpContext context)
    {
        var id = context.Request.Headers[SessionHeader].ToString();
        if (id.Length == 0) await McpReply.ErrorAsync(context, 400, McpReply.Refused, $"the header {SessionHeader} is missing");
        else if (!await sessions.EndAsync(id)) await McpReply.ErrorAsync(context, 404, McpReply.NoSession, "there is no such session, or it has ended");
    }

    private static bool Accepts(HttpContext context, params ReadOnlySpan<string> types)
    {
        var accept = context.Request.Headers.Accept.ToString();
        if (accept.Contains("*/*", StringComparison.Ordinal)) return true;
        foreach (var type in types)
            if (!accept.Contains(type, StringComparison.OrdinalIgnoreCase)) return false;
        return true;
    }

    private static string Shown(string text) => text.Length <= 100 ? text : text[..100] + "…";
}
