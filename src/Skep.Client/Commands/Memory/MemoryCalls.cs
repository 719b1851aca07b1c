using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Skep.Memory;

namespace Skep.Client.Commands.Memory;

/// <summary>
/// Brings requests about memory to where they are answered. Writes go to the folder's owner, or make this process the owner for a moment. Reads ask the
/// owner, and look into the database themselves where there is none or it does not answer.
/// </summary>
internal sealed class MemoryCalls(CliContext cli, SkepFolder folder)
{
    /// <summary>How long a read waits for the owner before it looks for itself.</summary>
    private static readonly TimeSpan ReadPatience = TimeSpan.FromSeconds(2);

    /// <summary>For commands that read.</summary>
    public static MemoryCalls In(CliContext cli, string? dir) => new(cli, Folders.Find(cli, dir));

    /// <summary>For commands that write: makes a folder where there is none and none was named.</summary>
    public static MemoryCalls InOrNew(CliContext cli, string? dir) =>
        new(cli, (dir ?? cli.Variable(Folders.Variable)) is { Length: > 0 } ? Folders.Find(cli, dir) : Folders.FindOrCreate(cli, null));

    public SkepFolder Folder => folder;

    /// <summary>Carries out a request that changes something.</summary>
    /// <exception cref="CliException">It was not carried out.</exception>
    public async Task<T> WriteAsync<T>(string op, MemoryArgs args, JsonTypeInfo<T> type, CancellationToken cancel)
    {
        var options = cli.ConfigureHost(new SkepHostOptions { Time = cli.Time });
        return Result(await ControlClient.CallAsync(folder, Request(op, args), static _ => { }, options, cancel: cancel), type);
    }

    /// <summary>
    /// Finds: through the owner, or as the owner for a moment, since vectors may have to be made first. Where this process may not become that, it looks
    /// into the database by words alone.
    /// </summary>
    /// <exception cref="CliException">It was refused.</exception>
    public async Task<T> FindAsync<T>(string op, MemoryFindArgs args, JsonTypeInfo<T> type, Action<JsonElement>? receive, CancellationToken cancel)
    {
        var json = JsonSerializer.SerializeToElement(args with { Progress = receive is not null }, MemoryJson.Default.MemoryFindArgs);
        try
        {
            var options = cli.ConfigureHost(new SkepHostOptions { Time = cli.Time });
            return Result(await ControlClient.CallAsync(folder, new ControlRequest { Op = op, Args = json, By = cli.Who }, receive ?? (static _ => { }), options, cancel: cancel), type);
        }
        catch (StorageException e) when (e.Fault is not (StorageFault.Corrupt or StorageFault.TooNew))
        {
            return (await AskReaderAsync(op, json, static _ => { }, cancel, $"the folder's owner could not be asked, and this process cannot be it: {e.Message}")).Deserialize(type)!;
        }
    }

    /// <summary>Carries out a request that takes long, and streams how far it is.</summary>
    /// <exception cref="CliException">It was refused.</exception>
    public async Task<TResult> LongAsync<TArgs, TResult>(string op, TArgs args, JsonTypeInfo<TArgs> argsType, JsonTypeInfo<TResult> type, CancellationToken cancel)
    {
        var options = cli.ConfigureHost(new SkepHostOptions { Time = cli.Time });
        var line = new IndexProgressLine(cli);
        try
        {
            var request = new ControlRequest { Op = op, Args = JsonSerializer.SerializeToElement(args, argsType), By = cli.Who };
            return Result(await ControlClient.CallAsync(folder, request, cli.Terminal.OutIsTerminal ? line.Take : static _ => { }, options, cancel: cancel), type);
        }
        finally
        {
            line.End();
        }
    }

    /// <summary>Carries out a request that only reads.</summary>
    /// <exception cref="CliException">It was not carried out.</exception>
    public async Task<T> ReadAsync<T>(string op, MemoryArgs args, JsonTypeInfo<T> type, CancellationToken cancel)
    {
        if (await AskOwnerAsync(op, args, receive: null, cancel) is { } response) return Result(response, type);
        return (await AskReaderAsync(op, args, static _ => { }, cancel)).Deserialize(type)!;
    }

    /// <summary>Follows a stream of the owner; false when there is no owner, or it ended before the stream did.</summary>
    public async Task<bool> StreamFromOwnerAsync(string op, MemoryArgs args, Action<JsonElement> receive, CancellationToken cancel)
    {
        if (await AskOwnerAsync(op, args, receive, cancel) is not { } response) return false;
        _ = Accept(response);
        return true;
    }

    /// <summary>Carries out a request in the database as it is, whoever owns it.</summary>
    public Task<JsonElement> AskReaderAsync(string op, MemoryArgs args, Action<JsonElement> receive, CancellationToken cancel) => AskReaderAsync(op, Json(args), receive, cancel);

    private async Task<JsonElement> AskReaderAsync(string op, JsonElement args, Action<JsonElement> receive, CancellationToken cancel, string? why = null)
    {
        await using var store = SqliteStore.OpenReader(folder);
        await using var memory = MemoryStore.OpenReader(store, cli.Time);
        var request = new FamilyRequest(op[(op.IndexOf('.', StringComparison.Ordinal) + 1)..], args, "", cli.Who, (element, _) =>
        {
            receive(element);
            return ValueTask.CompletedTask;
        });
        try
        {
            return await new MemoryFamily(memory, MemorySearch.OpenReader(memory, why)).HandleAsync(request, cancel);
        }
        catch (RequestException e)
        {
            throw new CliException(CodeOf(e.Code), e.Message);
        }
    }

    private async Task<ControlResponse?> AskOwnerAsync(string op, MemoryArgs args, Action<JsonElement>? receive, CancellationToken cancel)
    {
        try
        {
            var response = await ControlClient.TrySendAsync(folder, Request(op, args), receive, ReadPatience, cancel);
            return response?.Code is RequestCodes.Version ? null : response;
        }
        catch (IOException)
        {
            return null; // It hangs or has just ended: the database is there all the same.
        }
    }

    private ControlRequest Request(string op, MemoryArgs args) => new() { Op = op, Args = Json(args), By = cli.Who };

    private static JsonElement Json(MemoryArgs args) => JsonSerializer.SerializeToElement(args, MemoryJson.Default.MemoryArgs);

    private static T Result<T>(ControlResponse response, JsonTypeInfo<T> type) => Accept(response).Deserialize(type)!;

    private static JsonElement Accept(ControlResponse response) =>
        response is { Ok: true, Result: { } result } ? result : throw new CliException(CodeOf(response.Code), response.Error ?? "the owner of the folder gave no answer");

    private static int CodeOf(string? code) => code switch
    {
        RequestCodes.BadRequest => ExitCodes.Usage,
        RequestCodes.NotFound => ExitCodes.NotFound,
        RequestCodes.Conflict => ExitCodes.Conflict,
        RequestCodes.TooLarge or RequestCodes.Refused => ExitCodes.Refused,
        RequestCodes.Internal => ExitCodes.Internal,
        _ => ExitCodes.Storage,
    };
}
