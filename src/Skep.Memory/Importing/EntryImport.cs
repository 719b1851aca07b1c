namespace Skep.Memory.Importing;

/// <summary>Imports a file: all of it is read and checked before the first entry is stored, and portions are stored as wholes.</summary>
internal sealed class EntryImport(MemoryStore memory, Stream file, ImportOptions options)
{
    /// <summary>Entries of one transaction.</summary>
    private const int Batch = 1_000;

    /// <summary>Bytes of one transaction.</summary>
    private const long BatchBytes = 4 * 1024 * 1024;

    internal async Task<ImportResult> RunAsync(IProgress<IndexProgress>? progress, CancellationToken cancel)
    {
        var total = await Task.Run(() => Check(cancel), cancel);
        var (batch, bytes, done) = (new List<StoreRequest>(), 0L, 0L);
        foreach (var request in Requests())
        {
            batch.Add(request);
            bytes += request.Value.Length + (request.Vector?.Numbers.Length * sizeof(float) ?? 0);
            if (batch.Count < Batch && bytes < BatchBytes) continue;
            done = await StoreAsync(batch, done, total, cancel);
            bytes = 0;
            progress?.Report(new IndexProgress("entries", done, total));
        }

        done = await StoreAsync(batch, done, total, cancel);
        return new ImportResult(done, memory.Revision);
    }

    private long Check(CancellationToken cancel)
    {
        var count = 0L;
        foreach (var request in Requests())
        {
            cancel.ThrowIfCancellationRequested();
            Checked(request, ++count);
        }

        return count;
    }

    private void Checked(StoreRequest request, long number)
    {
        try
        {
            var path = request.Require(memory.Limits);
            if (request.Vector is { } vector) memory.Query(sql => RequireModel(sql, path.Full, vector), true);
        }
        catch (MemoryException e)
        {
            throw new MemoryException(MemoryFault.BadFile, $"the file cannot be imported, nothing was stored: entry {number}: {e.Message}", e);
        }
    }

    private static bool RequireModel(Storage.SqlSession sql, string path, EntryVector vector)
    {
        Tables.ModelTable.RequireFor(sql, path, vector.Model);
        return true;
    }

    private async Task<long> StoreAsync(List<StoreRequest> batch, long done, long total, CancellationToken cancel)
    {
        if (batch.Count == 0) return done;
        try
        {
            await memory.StoreManyAsync(batch, cancel);
        }
        catch (Exception e) when (e is MemoryException or Storage.StorageException or OperationCanceledException)
        {
            throw new MemoryException((e as MemoryException)?.Fault ?? MemoryFault.BadFile, $"the import ended early: the first {done} of {total} entries are stored, the others are not: {e.Message}", e);
        }

        done += batch.Count;
        batch.Clear();
        return done;
    }

    private IEnumerable<StoreRequest> Requests()
    {
        file.Position = 0;
        var requests = options.Format switch
        {
            ImportFormat.JsonLines => JsonLinesFile.Read(file, memory.Limits, options.Model),
            ImportFormat.Csv => CsvFile.Read(file, memory.Limits),
            ImportFormat.Npy => VectorFile.Npy(file, options.Model),
            _ => VectorFile.Fvecs(file, options.Model),
        };
        return options.Into.Length == 0 ? requests : requests.Select(r => r with { Path = $"{options.Into.TrimEnd('/')}/{r.Path}" });
    }
}

/// <summary>What is wrong with files.</summary>
internal static class ImportFaults
{
    internal static MemoryException At(string place, string fault, Exception? inner = null)
    {
        var message = $"the file cannot be imported, nothing was stored: {place}: {fault}";
        return inner is null ? new MemoryException(MemoryFault.BadFile, message) : new MemoryException(MemoryFault.BadFile, message, inner);
    }
}
