using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Skep.Memory;

namespace Skep.Orchestration;

/// <summary>
/// Answers <c>memory.*</c> for a memory. Over one that was opened for reading it answers all requests that read, so that a process which does not own the
/// folder gives the same answers as the owner.
/// </summary>
public sealed class MemoryFamily(MemoryStore memory, MemorySearch search) : IRequestFamily
{
    /// <summary>Bytes of one portion of an export.</summary>
    private const int ExportChunk = 256 * 1024;

    /// <summary>Kind of the first element of a watch: it stands, from this revision on.</summary>
    public const string Watching = "watching";

    /// <inheritdoc/>
    public string Name => "memory";

    /// <inheritdoc/>
    public async Task<JsonElement> HandleAsync(FamilyRequest request, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(request);
        try
        {
            if (MemoryFinding.Knows(request.Op)) return await new MemoryFinding(memory, search).CarryOutAsync(request, cancel);
            var args = request.Args.ValueKind == JsonValueKind.Undefined ? new MemoryArgs() : request.Args.Deserialize(MemoryJson.Default.MemoryArgs) ?? new MemoryArgs();
            return await CarryOutAsync(request, args, cancel);
        }
        catch (MemoryException e)
        {
            throw new RequestException(CodeOf(e.Fault), e.Message);
        }
    }

    private async Task<JsonElement> CarryOutAsync(FamilyRequest request, MemoryArgs args, CancellationToken cancel) => $"memory.{request.Op}" switch
    {
        MemoryOps.Store => Json(await StoreAsync(args, request.Id, cancel), MemoryJson.Default.MemoryWriteMessage),
        MemoryOps.Get => Json(await GetAsync(Path(args), cancel), MemoryJson.Default.MemoryEntryMessage),
        MemoryOps.List => Json(MemoryMessages.Of(memory.List(args.Prefix ?? "", args.After, args.Limit ?? 100, args.Values)), MemoryJson.Default.MemoryPageMessage),
        MemoryOps.Search => Json(MemoryMessages.Of(memory.Search(SearchOf(args))), MemoryJson.Default.MemoryPageMessage),
        MemoryOps.Delete => Json(await DeleteAsync(args, request.Id, cancel), MemoryJson.Default.MemoryWriteMessage),
        MemoryOps.Watch => await WatchAsync(request, args, cancel),
        MemoryOps.Export => await ExportAsync(request, args, cancel),
        MemoryOps.Restore => await RestoreAsync(request, args, cancel),
        MemoryOps.Stats => Json(MemoryMessages.Of(memory.Stats(args.Limit ?? 10), search.Stats()), MemoryJson.Default.MemoryStatsMessage),
        MemoryOps.Namespaces => Json(MemoryMessages.Of(memory.Namespaces(args.Prefix ?? "", args.After, args.Limit ?? 100)), MemoryJson.Default.MemoryNamespacesMessage),
        _ => throw new RequestException(RequestCodes.BadRequest, $"memory knows no request '{Text.Shorten(request.Op, 40)}'; it knows store, get, list, search, find, explain, reindex, import, map, delete, watch, export, restore, stats and namespaces"),
    };

    private async ValueTask<MemoryEntryMessage> GetAsync(string path, CancellationToken cancel) =>
        await memory.GetAsync(path, cancel) is { } entry ? MemoryMessages.Of(entry) : throw NotFound(path);

    private async Task<MemoryWriteMessage> StoreAsync(MemoryArgs args, string id, CancellationToken cancel)
    {
        var store = new StoreRequest(Path(args), MemoryMessages.ValueOf(args))
        {
            ContentType = MemoryContentTypes.Parse(args.Type ?? MemoryContentType.Text.Name()),
            Ttl = TtlOf(args.TtlMs),
            ExpectedVersion = args.IfVersion,
            Author = new MemoryAuthor(args.Agent, args.Task, args.Run),
            Tags = args.Tags ?? [],
            Vector = MemoryMessages.VectorOf(args),
            RequestId = id.Length == 0 ? null : id,
        };
        var result = await memory.StoreAsync(store, cancel);
        if (!result.Applied) throw Conflict(store.Path, args.IfVersion, result.Version);
        return new MemoryWriteMessage(MemoryPath.Parse(store.Path).Full, result.Version, result.Revision, result.ExpiresUnixMs);
    }

    private async Task<MemoryWriteMessage> DeleteAsync(MemoryArgs args, string id, CancellationToken cancel)
    {
        if (args.Prefix is { } prefix && args.Path is null)
        {
            if (args.IfVersion is not null) throw new RequestException(RequestCodes.BadRequest, "an expected version belongs to one entry, not to a prefix");
            return new MemoryWriteMessage(prefix, 0, memory.Revision, Deleted: await memory.DeletePrefixAsync(prefix, cancel)) with { Revision = memory.Revision };
        }

        var path = Path(args);
        var result = await memory.DeleteAsync(path, args.IfVersion, id.Length == 0 ? null : id, cancel);
        if (!result.Applied) throw result.Version == 0 ? NotFound(path) : Conflict(path, args.IfVersion, result.Version);
        return new MemoryWriteMessage(MemoryPath.Parse(path).Full, result.Version, result.Revision, Deleted: 1);
    }

    private async Task<JsonElement> WatchAsync(FamilyRequest request, MemoryArgs args, CancellationToken cancel)
    {
        var (last, seen) = (args.Since ?? memory.Revision, 0);
        if (args.Limit < 1) throw new RequestException(RequestCodes.BadRequest, "a watch ends after at least 1 change; leave the limit out for one without end");
        // Tells the caller that it may be patient, and lets the server notice when the caller goes.
        await request.SendAsync(Json(new MemoryChangeMessage(last, Watching, "", 0, 0), MemoryJson.Default.MemoryChangeMessage), cancel);
        await foreach (var change in memory.WatchAsync(args.Prefix ?? "", last, cancel))
        {
            await request.SendAsync(Json(MemoryMessages.Of(change), MemoryJson.Default.MemoryChangeMessage), cancel);
            last = change.Revision;
            if (++seen == args.Limit) break;
        }

        return Json(new MemoryWriteMessage(args.Prefix ?? "", 0, last), MemoryJson.Default.MemoryWriteMessage);
    }

    /// <summary>Through a file: a caller that reads slowly must not keep a read of the database open.</summary>
    private async Task<JsonElement> ExportAsync(FamilyRequest request, MemoryArgs args, CancellationToken cancel)
    {
        await using var file = new FileStream(System.IO.Path.GetTempFileName(), FileMode.Open, FileAccess.ReadWrite, FileShare.None, 64 * 1024, FileOptions.DeleteOnClose);
        var entries = memory.Export(args.Prefix ?? "", file);
        file.Position = 0;
        var buffer = new byte[ExportChunk];
        for (int count; (count = await file.ReadAsync(buffer, cancel)) > 0;)
            await request.SendAsync(Json(new MemoryChunkMessage(Convert.ToBase64String(buffer.AsSpan(0, count))), MemoryJson.Default.MemoryChunkMessage), cancel);
        return Json(new MemoryExportMessage(entries), MemoryJson.Default.MemoryExportMessage);
    }

    private async Task<JsonElement> RestoreAsync(FamilyRequest request, MemoryArgs args, CancellationToken cancel)
    {
        var mode = MemoryMessages.ModeOf(args.Mode);
        if (args.File is not { Length: > 0 } path || !System.IO.Path.IsPathFullyQualified(path)) throw new RequestException(RequestCodes.BadRequest, "name the file to restore with its absolute path");
        await using var file = OpenFile(path);
        await request.SendAsync(Json(new MemoryRestoringMessage(path), MemoryJson.Default.MemoryRestoringMessage), cancel);
        var result = await memory.RestoreAsync(file, mode, cancel);
        return Json(new MemoryRestoreMessage(result.Restored, result.Kept, result.Expired, result.Revision), MemoryJson.Default.MemoryRestoreMessage);
    }

    internal static FileStream OpenFile(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RequestException(RequestCodes.NotFound, $"the file '{path}' cannot be read: {e.Message}");
        }
    }

    private static SearchRequest SearchOf(MemoryArgs args) =>
        new() { Text = args.Text, Glob = args.Glob, Prefix = args.Prefix ?? "", After = args.After, Limit = args.Limit ?? 100 };

    private static TimeSpan? TtlOf(long? ms)
    {
        if (ms is not { } given) return null;
        return given > 0 && given <= MemoryLimits.MaxTtl.TotalMilliseconds ? TimeSpan.FromMilliseconds(given) : throw new RequestException(RequestCodes.BadRequest, $"a time-to-live of {given} ms is not possible: give 1 ms to {MemoryLimits.MaxTtl.TotalDays:0} days");
    }

    private static string Path(MemoryArgs args) => args.Path ?? throw new RequestException(RequestCodes.BadRequest, "the path of an entry is missing");

    private static RequestException NotFound(string path) => new(RequestCodes.NotFound, $"there is no entry '{MemoryPath.Parse(path)}'");

    private static RequestException Conflict(string path, long? expected, long actual) => new(
        RequestCodes.Conflict,
        actual == 0 ? $"there is no entry '{MemoryPath.Parse(path)}', but version {expected} was expected" : $"'{MemoryPath.Parse(path)}' has version {actual}, but {(expected == 0 ? "no entry" : $"version {expected}")} was expected: read it again");

    internal static string CodeOf(MemoryFault fault) => fault switch
    {
        MemoryFault.TooLarge => RequestCodes.TooLarge,
        MemoryFault.Conflict => RequestCodes.Conflict,
        MemoryFault.Full or MemoryFault.NotEmpty or MemoryFault.FutureRevision => RequestCodes.Refused,
        _ => RequestCodes.BadRequest,
    };

    private static JsonElement Json<T>(T message, JsonTypeInfo<T> type) => JsonSerializer.SerializeToElement(message, type);
}
