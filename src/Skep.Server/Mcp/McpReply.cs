using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using ModelContextProtocol.Protocol;
using Skep.Server.Streams;

namespace Skep.Server.Mcp;

/// <summary>Answers that are no messages of the server: errors, and the head of a stream.</summary>
internal static class McpReply
{
    /// <summary>JSON-RPC's code for a fault of the transport.</summary>
    public const int Refused = -32000;

    /// <summary>There is no such session (any more): clients begin a new one.</summary>
    public const int NoSession = -32001;

    /// <summary>No JSON.</summary>
    public const int ParseError = -32700;

    /// <summary>An error, as HTTP and as JSON-RPC.</summary>
    public static async Task ErrorAsync(HttpContext context, int status, int code, string message, RequestId id = default)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(new JsonRpcError { Id = id, Error = new JsonRpcErrorDetail { Code = code, Message = message } }, MessageJson.Info);
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }

    /// <summary>From here on events follow, each on its way at once.</summary>
    public static void BeginEvents(HttpContext context)
    {
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-cache, no-store";
        context.Response.Headers["X-Accel-Buffering"] = "no";
        context.Features.GetRequiredFeature<IHttpResponseBodyFeature>().DisableBuffering();
    }

    /// <summary>There is nothing to answer to a notification.</summary>
    public static void Accepted(HttpContext context)
    {
        context.Response.Headers.ContentType = default;
        context.Response.StatusCode = StatusCodes.Status202Accepted;
    }
}
