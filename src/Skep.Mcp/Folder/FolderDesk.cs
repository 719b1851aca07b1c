using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Skep.Agents.Queries;
using Skep.Memory;
using Skep.Orchestration;
using Skep.Storage;

namespace Skep.Mcp.Folder;

/// <summary>
/// What tools work with: reads look into the database, whoever owns the folder; everything that changes something is a request to the owner.
/// </summary>
internal sealed class FolderDesk : IAsyncDisposable
{
    public FolderDesk(SkepMcpSettings settings)
    {
        (Settings, Gate) = (settings, new FolderGate(settings));
        Store = SqliteStore.OpenReader(settings.Folder);
        Blobs = new BlobStore(settings.Folder.BlobsPath, settings.Host.Time);
        Memory = MemoryStore.OpenReader(Store, settings.Host.Time);
        Queries = new QueryStore(Store, settings.Host.Time);
        Reads = new MemoryFamily(Memory, MemorySearch.OpenReader(Memory));
    }

    public SkepMcpSettings Settings { get; }

    public FolderGate Gate { get; }

    /// <summary>The log, for reading.</summary>
    public SqliteStore Store { get; }

    public BlobStore Blobs { get; }

    /// <summary>Memory, for reading.</summary>
    public MemoryStore Memory { get; }

    /// <summary>Conversations with models, for reading.</summary>
    public QueryStore Queries { get; }

    public TimeProvider Time => Settings.Host.Time;

    public DateTimeOffset Now => Time.GetUtcNow();

    private MemoryFamily Reads { get; }

    /// <summary>Sends a request to the owner.</summary>
    /// <exception cref="ToolFault">It was not carried out.</exception>
    public async Task<ControlResponse> AskAsync(ControlRequest request, CancellationToken cancel)
    {
        var response = await Gate.AskAsync(request, cancel);
        return response.Ok ? response : throw new ToolFault(response.Error ?? "the owner of the folder refused, without a reason");
    }

    /// <summary>Sends a request to a family of the owner.</summary>
    /// <exception cref="ToolFault">It was not carried out.</exception>
    public async Task<JsonElement> AskAsync(string op, JsonElement args, CancellationToken cancel) =>
        (await AskAsync(new ControlRequest { Op = op, Args = args }, cancel)).Result ?? default;

    /// <summary>Changes memory.</summary>
    /// <exception cref="ToolFault">It was not carried out.</exception>
    public async Task<MemoryWriteMessage> WriteAsync(string op, MemoryArgs args, CancellationToken cancel) =>
        (await AskAsync(op, JsonSerializer.SerializeToElement(args, MemoryJson.Default.MemoryArgs), cancel)).Deserialize(MemoryJson.Default.MemoryWriteMessage)!;

    /// <summary>Looks into memory, as the owner would; null when the entry is not there.</summary>
    /// <exception cref="ToolFault">The request makes no sense.</exception>
    public async Task<T?> ReadAsync<T>(string op, MemoryArgs args, JsonTypeInfo<T> type, CancellationToken cancel) where T : class
    {
        var request = new FamilyRequest(op[(op.IndexOf('.', StringComparison.Ordinal) + 1)..], JsonSerializer.SerializeToElement(args, MemoryJson.Default.MemoryArgs), "", Settings.By, static (_, _) => default);
        try
        {
            return (await Reads.HandleAsync(request, cancel)).Deserialize(type);
        }
        catch (RequestException e) when (e.Code == RequestCodes.NotFound)
        {
            return null;
        }
        catch (RequestException e)
        {
            throw new ToolFault(e.Message);
        }
    }

    /// <summary>Finds in memory, by words and by vectors: a request to the owner, who has the indexes. Nobody becomes that for a memory that is empty.</summary>
    /// <exception cref="ToolFault">The request makes no sense.</exception>
    public async Task<MemoryFindMessage> FindAsync(MemoryFindArgs args, CancellationToken cancel)
    {
        if (Memory.Revision == 0) return new MemoryFindMessage([], args.Mode ?? "auto", 0);
        return (await AskAsync(MemoryOps.Find, JsonSerializer.SerializeToElement(args, MemoryJson.Default.MemoryFindArgs), cancel)).Deserialize(MemoryJson.Default.MemoryFindMessage)!;
    }

    /// <summary>Who owns the folder now, and what it works on; null when nobody listens. Asking makes nobody the owner.</summary>
    public async Task<ControlResponse?> OwnerAsync(CancellationToken cancel)
    {
        ControlResponse? own = null;
        if (await Gate.WithHostAsync(async host => own = await host.AnswerAsync(new ControlRequest { Op = ControlOps.Ping }, cancel: cancel))) return own;
        try
        {
            return await ControlClient.TrySendAsync(Settings.Folder, new ControlRequest { Op = ControlOps.Ping }, cancel: cancel);
        }
        catch (OwnerGoneException)
        {
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Gate.DisposeAsync();
        await Memory.DisposeAsync();
        await Store.DisposeAsync();
    }
}
