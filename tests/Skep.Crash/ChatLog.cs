using Skep.Agents.Queries;
using Skep.Orchestration;
using Skep.Storage;

namespace Skep.Crash;

/// <summary>What lies on disk of a run's conversations, read while nobody works on them.</summary>
internal sealed class ChatLog
{
    private readonly string _run;

    private ChatLog(SkepFolder folder, SqliteStore sqlite, string run)
    {
        (Sqlite, Store, _run) = (sqlite, new QueryStore(sqlite, TimeProvider.System), run);
        Run = RunReader.Load(sqlite, new BlobStore(folder.BlobsPath), run);
    }

    /// <summary>The database.</summary>
    public SqliteStore Sqlite { get; }

    /// <summary>The logs of the queries.</summary>
    public QueryStore Store { get; }

    /// <summary>The run.</summary>
    public RunState Run { get; }

    /// <summary>Opens a folder, and closes it again.</summary>
    public static async Task<T> ReadAsync<T>(string folder, string run, Func<ChatLog, T> read)
    {
        var skep = SkepFolder.Create(folder);
        await using var store = SqliteStore.OpenReader(skep);
        return read(new ChatLog(skep, store, run));
    }

    /// <summary>All queries with their events.</summary>
    public List<(string Query, IReadOnlyList<RecordedQueryEvent> Events)> Recorded() => [.. Store.List(_run, history: true).Select(q => (q.Id, Store.Read(q.Id)))];

    /// <summary>The same, each event as it stands in the log.</summary>
    public List<(string Query, List<string> Events)> Events() => Recorded().ConvertAll(q => (q.Query, q.Events.Select(e => $"{e.Seq} {e.At:O} {QueryEvents.ToJson(e.Event)}").ToList()));

    /// <summary>What the logs fold to.</summary>
    public List<QueryState> States() => [.. Store.List(_run, history: true).Select(q => Store.Load(q.Id))];
}
