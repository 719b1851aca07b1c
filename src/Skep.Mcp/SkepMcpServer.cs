using Microsoft.Extensions.Logging;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Skep.Mcp.Catalogue;
using Skep.Mcp.Folder;
using Skep.Mcp.Prompts;
using Skep.Mcp.Resources;
using Skep.Orchestration;
using Skep.Storage;

namespace Skep.Mcp;

/// <summary>
/// A folder among other agents: its tools, resources and prompts. The doors are transports: stdio gives one to <see cref="ServeAsync"/>; a door that
/// makes its own sessions asks for <see cref="Options"/>. Thread-safe; several sessions may share one.
/// </summary>
public sealed class SkepMcpServer : IAsyncDisposable
{
    private const string Instructions =
        "Skep runs swarms of agents from YAML plans, durably. Check a plan with plan_check, start it with run_start, follow it with run_status and read run_report. "
        + "Or make a swarm: swarm_init, agents_spawn_parallel, task_orchestrate. memory_usage is memory that all of them share. Answers are what the store says; an error tells how to mend the call.";

    private readonly FolderDesk _desk;
    private readonly ToolCatalogue _catalogue;
    private readonly FolderResources _resources;
    private readonly FolderPrompts _prompts;

    /// <summary>Opens a folder for reading. It is only owned while a call needs that.</summary>
    /// <param name="settings">What to work with.</param>
    public SkepMcpServer(SkepMcpSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        _desk = new FolderDesk(settings);
        (_resources, _prompts) = (new FolderResources(_desk), new FolderPrompts(_desk));
        _catalogue = settings.All ? ToolCatalogue.All : ToolCatalogue.Default;
    }

    internal FolderDesk Desk => _desk;

    /// <summary>What a session of the library's server is made of.</summary>
    public McpServerOptions Options() => new()
    {
        ServerInfo = new Implementation { Name = "skep", Title = "Skep", Version = _desk.Settings.Version },
        ServerInstructions = Instructions,
        Capabilities = new ServerCapabilities { Tools = new ToolsCapability(), Resources = new ResourcesCapability(), Prompts = new PromptsCapability() },
        Handlers = new McpServerHandlers
        {
            ListToolsHandler = (_, _) => ValueTask.FromResult(new ListToolsResult { Tools = [.. _catalogue.Tools.Select(t => t.Listed)] }),
            CallToolHandler = CallAsync,
            ListResourcesHandler = (_, _) => ValueTask.FromResult(_resources.List()),
            ListResourceTemplatesHandler = static (_, _) => ValueTask.FromResult(FolderResources.Templates()),
            ReadResourceHandler = async (request, cancel) => await _resources.ReadAsync(request.Params?.Uri ?? "", cancel),
            ListPromptsHandler = static (_, _) => ValueTask.FromResult(FolderPrompts.List()),
            GetPromptHandler = (request, _) => ValueTask.FromResult(_prompts.Get(request.Params)),
        },
    };

    /// <summary>Speaks with one client until it leaves.</summary>
    /// <param name="transport">How it is reached.</param>
    /// <param name="loggers">Takes what the library notes; null for nobody.</param>
    /// <param name="cancel">Ends the conversation.</param>
    public async Task ServeAsync(ITransport transport, ILoggerFactory? loggers = null, CancellationToken cancel = default)
    {
        await using var server = McpServer.Create(transport, Options(), loggers);
        await server.RunAsync(cancel);
    }

    /// <summary>Stops the runs that this process works on (they can be resumed) and gives the folder back.</summary>
    public ValueTask DisposeAsync() => _desk.DisposeAsync();

    private async ValueTask<CallToolResult> CallAsync(RequestContext<CallToolRequestParams> request, CancellationToken cancel)
    {
        try
        {
            var asked = request.Params ?? throw new ToolFault("the call names no tool");
            var tool = _catalogue.Require(asked.Name);
            var reply = await tool.CallAsync(new ToolCall(tool.Input.Read(asked.Arguments), _desk, Telling(request)), cancel);
            return reply.ToResult();
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            throw;
        }
        catch (ToolFault e)
        {
            return new ToolReply(e.Message, e.Details) { IsError = true }.ToResult();
        }
        catch (Exception e) when (e is StorageException or RunLogException or IOException or UnauthorizedAccessException)
        {
            return new ToolReply(e.Message, default) { IsError = true }.ToResult();
        }
    }

    /// <summary>Progress goes to those who gave a token for it; who has left meanwhile misses nothing.</summary>
    private static Progress Telling(RequestContext<CallToolRequestParams> request) => request.Params?.ProgressToken is not { } token
        ? static (_, _, _) => Task.CompletedTask
        : (done, total, message) => request.Server.NotifyProgressAsync(token, new ProgressNotificationValue { Progress = (float)done, Total = (float?)total, Message = message });
}
