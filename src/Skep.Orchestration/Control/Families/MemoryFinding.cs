using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Skep.Memory;

namespace Skep.Orchestration;

/// <summary>The requests of <see cref="MemoryFamily"/> that use indexes.</summary>
internal sealed class MemoryFinding(MemoryStore memory, MemorySearch search)
{
    /// <summary>Candidates of a list that an explanation names.</summary>
    private const int MaxCandidates = 50;

    /// <summary>Bytes of an answer after which further entries come without their values.</summary>
    private const long MaxValues = 384 * 1024;

    /// <summary>Whether a request is one of these.</summary>
    public static bool Knows(string op) => $"memory.{op}" is MemoryOps.Find or MemoryOps.Explain or MemoryOps.Reindex or MemoryOps.Import or MemoryOps.Map;

    public async Task<JsonElement> CarryOutAsync(FamilyRequest request, CancellationToken cancel)
    {
        if ($"memory.{request.Op}" == MemoryOps.Reindex) return await ReindexAsync(request, cancel);
        if ($"memory.{request.Op}" == MemoryOps.Import) return await ImportAsync(request, cancel);
        if ($"memory.{request.Op}" == MemoryOps.Map) return await MapAsync(request, cancel);
        var args = ArgsOf(request, MemoryJson.Default.MemoryFindArgs) ?? new MemoryFindArgs();
        var (find, progress) = (RequestOf(args), args.Progress ? new StreamProgress(request, cancel) : null);
        if ($"memory.{request.Op}" == MemoryOps.Find) return Json(Of(await search.FindAsync(find, progress, cancel)), MemoryJson.Default.MemoryFindMessage);
        var how = await search.ExplainAsync(find, progress, cancel);
        return Json(new MemoryExplainMessage(Of(how.Result), how.Filter, [.. how.Lists.Select(Of)], how.Steps), MemoryJson.Default.MemoryExplainMessage);
    }

    private async Task<JsonElement> ReindexAsync(FamilyRequest request, CancellationToken cancel)
    {
        var args = ArgsOf(request, MemoryJson.Default.MemoryReindexArgs) ?? new MemoryReindexArgs();
        // Says that it may take long.
        await request.SendAsync(Json(new MemoryProgressMessage("begin", 0, 0), MemoryJson.Default.MemoryProgressMessage), cancel);
        var done = await search.ReindexAsync(new ReindexRequest(args.Namespace, args.Model, IndexChange.Parse(args.Codes, args.Metric, args.M, args.Ef)), new StreamProgress(request, cancel), cancel);
        return Json(new MemoryReindexMessage(done.Namespace, done.Model, done.Vectors, done.Settings?.ToString()), MemoryJson.Default.MemoryReindexMessage);
    }

    private async Task<JsonElement> ImportAsync(FamilyRequest request, CancellationToken cancel)
    {
        var args = ArgsOf(request, MemoryJson.Default.MemoryImportArgs);
        if (args?.File is not { Length: > 0 } path || !Path.IsPathFullyQualified(path)) throw new RequestException(RequestCodes.BadRequest, "name the file to import with its absolute path");
        var options = new ImportOptions { Format = FormatOf(args), Into = args.Into ?? "", Model = args.Model is { } model ? MemoryMessages.ModelOf(model) : null };
        await using var file = MemoryFamily.OpenFile(path);
        await request.SendAsync(Json(new MemoryProgressMessage("begin", 0, 0), MemoryJson.Default.MemoryProgressMessage), cancel);
        var done = await memory.ImportAsync(file, options, new StreamProgress(request, cancel), cancel);
        return Json(new MemoryImportMessage(done.Imported, done.Revision), MemoryJson.Default.MemoryImportMessage);
    }

    private async Task<JsonElement> MapAsync(FamilyRequest request, CancellationToken cancel)
    {
        var args = ArgsOf(request, MemoryJson.Default.MemoryMapArgs) ?? new MemoryMapArgs();
        await request.SendAsync(Json(new MemoryProgressMessage("begin", 0, 0), MemoryJson.Default.MemoryProgressMessage), cancel);
        var map = await search.MapAsync(args.Prefix ?? "", args.Limit ?? 2_000, new StreamProgress(request, cancel), cancel);
        var points = map.Points.Select(static p => new MemoryPointMessage(p.Path, Math.Round(p.X, 5), Math.Round(p.Y, 5))).ToList();
        return Json(new MemoryMapMessage(map.Model, map.Total, Math.Round(map.ShareX, 4), Math.Round(map.ShareY, 4), points, map.Notes.Count > 0 ? map.Notes : null), MemoryJson.Default.MemoryMapMessage);
    }

    private static ImportFormat FormatOf(MemoryImportArgs args) => args.Format switch
    {
        "jsonl" => ImportFormat.JsonLines,
        "csv" => ImportFormat.Csv,
        "npy" => ImportFormat.Npy,
        "fvecs" => ImportFormat.Fvecs,
        null => ImportOptions.FormatOf(args.File) ?? throw new RequestException(RequestCodes.BadRequest, $"what '{args.File}' is cannot be told by its name: give the format, which is jsonl, csv, npy or fvecs"),
        _ => throw new RequestException(RequestCodes.BadRequest, $"'{Text.Shorten(args.Format, 40)}' is no format to import; it is jsonl, csv, npy or fvecs"),
    };

    private static T? ArgsOf<T>(FamilyRequest request, JsonTypeInfo<T> type) where T : class =>
        request.Args.ValueKind == JsonValueKind.Undefined ? null : request.Args.Deserialize(type);

    private static FindRequest RequestOf(MemoryFindArgs args) => new()
    {
        Text = args.Text,
        Vector = args.Vector is { } vector ? vector : (ReadOnlyMemory<float>?)null,
        VectorModel = args.VectorModel is { } model ? MemoryMessages.ModelOf(model) : null,
        Filter = args.Filter,
        Prefix = args.Prefix ?? "",
        K = args.Limit ?? 10,
        Mode = ModeOf(args.Mode),
        TextWeight = args.TextWeight ?? FindRequest.DefaultTextWeight,
        VectorWeight = args.VectorWeight ?? 1,
        Lambda = args.Lambda,
        HalfLife = HalfLifeOf(args.HalfLifeMs),
        NamespaceWeights = args.NamespaceWeights,
        WithValues = args.Values,
    };

    private static FindMode ModeOf(string? mode) => mode switch
    {
        null or "auto" => FindMode.Auto,
        "text" => FindMode.Text,
        "vector" => FindMode.Vector,
        "hybrid" => FindMode.Hybrid,
        _ => throw new RequestException(RequestCodes.BadRequest, $"'{Text.Shorten(mode, 40)}' is no way to search; it is auto, text, vector or hybrid"),
    };

    private static TimeSpan? HalfLifeOf(double? ms)
    {
        if (ms is not { } given) return null;
        return given is >= 1 and <= 3.2e12 ? TimeSpan.FromMilliseconds(given) : throw new RequestException(RequestCodes.BadRequest, $"a half-life of {given} ms is not possible: give 1 ms to 100 years");
    }

    private static MemoryFindMessage Of(FindResult result)
    {
        var (entries, bytes) = (new List<MemoryEntryMessage>(result.Entries.Count), 0L);
        foreach (var found in result.Entries)
        {
            var entry = bytes + (2 * found.Entry.Size) > MaxValues ? found.Entry with { Value = null } : found.Entry;
            bytes += entry.Value is null ? 0 : 2 * entry.Size;
            entries.Add(MemoryMessages.Of(entry) with { Score = found.Score, TextRank = found.TextRank, VectorRank = found.VectorRank, Distance = found.Distance });
        }

        return new MemoryFindMessage(entries, result.Mode.ToString().ToLowerInvariant(), result.Revision, result.Notes.Count > 0 ? result.Notes : null, result.Parts);
    }

    private static MemoryListMessage Of(FindList list) =>
        new(list.Name, list.Plan, list.Weight, [.. list.Candidates.Take(MaxCandidates).Select(static c => new MemoryCandidateMessage(c.Path, c.Value))], list.Candidates.Count, list.Removed);

    private static JsonElement Json<T>(T message, JsonTypeInfo<T> type) => JsonSerializer.SerializeToElement(message, type);

    /// <summary>Streams how far an index is; what comes while the last one is still on its way is passed over.</summary>
    private sealed class StreamProgress(FamilyRequest request, CancellationToken cancel) : IProgress<IndexProgress>
    {
        private Task _last = Task.CompletedTask;

        public void Report(IndexProgress value)
        {
            if (_last.IsCompleted) _last = request.SendAsync(Json(new MemoryProgressMessage(value.Stage, value.Done, value.Total), MemoryJson.Default.MemoryProgressMessage), cancel).AsTask();
        }
    }
}
