using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ModelContextProtocol.Server;
using Skep.Server.Access;
using Skep.Server.Mcp;

namespace Skep.Server;

/// <summary>
/// An HTTP server on Kestrel with nothing else of ASP.NET: no configuration files, no environment variables, no logging, no routing. It listens from
/// <see cref="StartAsync"/> until it is disposed, and answers at <see cref="McpPath"/>.
/// </summary>
public sealed class SkepServer : IAsyncDisposable
{
    /// <summary>Where the Model Context Protocol is spoken.</summary>
    public const string McpPath = "/mcp";

    private readonly WebApplication _app;
    private readonly HostRule _hosts;
    private readonly BearerRule _bearer;
    private readonly McpDoor _door;
    private bool _disposed;

    private SkepServer(WebApplication app, Func<McpServerOptions> mcp, SkepServerOptions options)
    {
        (_app, _hosts, _bearer) = (app, new HostRule(options.Address, options.Names), new BearerRule(options.Token));
        Sessions = new McpSessions(mcp, options);
        _door = new McpDoor(Sessions, mcp, app.Lifetime.ApplicationStopping);
    }

    /// <summary>Where clients of the protocol reach it, such as <c>http://127.0.0.1:4711/mcp</c>.</summary>
    public Uri McpUrl { get; private set; } = new("http://localhost" + McpPath);

    internal McpSessions Sessions { get; }

    /// <summary>Starts to listen.</summary>
    /// <param name="mcp">What a session is made of, such as <see cref="Skep.Mcp.SkepMcpServer.Options"/>.</param>
    /// <param name="options">Where, for whom and how much.</param>
    /// <param name="cancel">Gives up starting.</param>
    /// <exception cref="ArgumentException">It would answer other machines without a token.</exception>
    /// <exception cref="IOException">The address or port cannot be had.</exception>
    public static async Task<SkepServer> StartAsync(Func<McpServerOptions> mcp, SkepServerOptions options, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(mcp);
        ArgumentNullException.ThrowIfNull(options);
        if (options.Token is null && !IPAddress.IsLoopback(options.Address))
            throw new ArgumentException($"a server at {options.Address} answers other machines, and needs a token; without one, listen on 127.0.0.1", nameof(options));
        var app = Build(options);
        var server = new SkepServer(app, mcp, options);
        app.Run(server.HandleAsync);
        try
        {
            await app.StartAsync(cancel);
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }

        var bound = new Uri(app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First());
        server.McpUrl = new Uri(bound, McpPath);
        return server;
    }

    /// <summary>Ends the sessions and stops to listen.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed) return;
        _disposed = true;
        await Sessions.DisposeAsync();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static WebApplication Build(SkepServerOptions options)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = options.MaxBody;
            kestrel.Limits.MaxConcurrentConnections = options.MaxConnections;
            kestrel.Listen(options.Address, options.Port, static listen => listen.Protocols = HttpProtocols.Http1);
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.StopTime);
        builder.Services.AddSingleton<IHostLifetime, OwnedLifetime>();
        return builder.Build();
    }

    private async Task HandleAsync(HttpContext context)
    {
        try
        {
            await AnswerAsync(context);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or ObjectDisposedException)
        {
            // The client has left, or its session has ended while it asked: then a stream that has begun just ends.
            if (!context.RequestAborted.IsCancellationRequested && !context.Response.HasStarted)
                await McpReply.ErrorAsync(context, 404, McpReply.NoSession, "the session has ended; begin a new one with 'initialize'");
        }
    }

    private Task AnswerAsync(HttpContext context)
    {
        var (request, host) = (context.Request, context.Request.Host.Host);
        if (!_hosts.AllowsHost(host)) return McpReply.ErrorAsync(context, 403, McpReply.Refused, "this server has another name than the Host that was asked for; 'skep serve --name NAME' gives it one");
        if (!_hosts.AllowsOrigin(request.Headers.Origin.ToString(), host)) return McpReply.ErrorAsync(context, 403, McpReply.Refused, "pages of this Origin may not ask this server");
        if (!_bearer.Allows(request.Headers.Authorization.ToString()))
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
            return McpReply.ErrorAsync(context, 401, McpReply.Refused, "send 'Authorization: Bearer TOKEN' with the token of this server; its file is named where the server was started");
        }

        return request.Path == McpPath ? _door.HandleAsync(context) : McpReply.ErrorAsync(context, 404, McpReply.Refused, $"there is nothing here; the Model Context Protocol is spoken at {McpPath}");
    }

    /// <summary>The server lives as long as its owner says; signals and the console are the program's business.</summary>
    private sealed class OwnedLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
