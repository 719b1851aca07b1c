namespace Skep.Vectors.Collections;

/// <summary>
/// Records with keys, vectors and metadata that are found by nearness and by filter, and that survive. A write that has returned is on disk and found; it is
/// moved into the graph in the background. Searches take no locks and go on during writes and compactions. One process at a time owns the folder.
/// </summary>
/// <example><code>
/// await using var notes = VectorCollection.Open("notes", new CollectionOptions { Index = new VectorIndexOptions { Dimension = 384 } });
/// await notes.UpsertAsync([new VectorRecord("n1", vector, new FieldValues { ["kind"] = "note" })]);
/// foreach (var match in notes.Search(query, new CollectionQuery { K = 5, Filter = Filter.Parse("kind = 'note'") })) Console.WriteLine(match);
/// </code></example>
public sealed partial class VectorCollection : IAsyncDisposable
{
    private readonly CollectionState _state;
    private readonly FolderHold? _hold;
    private readonly CollectionWriter _writer;
    private readonly Linker _linker;
    private readonly Compactor _compactor;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _check;
    private bool _isClosed;
    private long _compactAgainAt;

    private VectorCollection(CollectionState state, FolderHold? hold, LogFile? log, OpeningReport report)
    {
        (_state, _hold, Opening) = (state, hold, report);
        Linker? linker = null;
        _writer = new CollectionWriter(state, log, () => linker?.Wake());
        _linker = linker = new Linker(state, CompactIfWorthwhileAsync);
        _compactor = new Compactor(state, _writer, _linker);
        _linker.Wake();
        _check = state.Current.Segment is null ? Task.CompletedTask : Task.Run(CheckInBackgroundAsync);
    }

    /// <summary>What was found when it was opened.</summary>
    public OpeningReport Opening { get; }

    /// <summary>What it was opened with.</summary>
    public CollectionOptions Options => _state.Options;

    /// <summary>How many records there are.</summary>
    public int Count
    {
        get
        {
            using var reading = Read();
            return reading.Generation.Index.Live;
        }
    }

    /// <summary>Opens the collection in a folder, or makes one there.</summary>
    /// <param name="folder">The folder; null for a collection in memory alone.</param>
    /// <param name="options">What it holds.</param>
    /// <param name="time">For the note of who holds the folder; the system's if null.</param>
    /// <exception cref="VectorException">The files are damaged, of a later version or of other options, in use by another process, or the disk refuses; the message says which and what to do.</exception>
    public static VectorCollection Open(string? folder, CollectionOptions options, TimeProvider? time = null) => Open(folder, options, time ?? TimeProvider.System, FileSystem.Real);

    /// <summary>Opens a collection on another file system.</summary>
    internal static VectorCollection Open(string? folder, CollectionOptions options, TimeProvider time, FileSystem files)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        var paths = folder is null ? null : new CollectionPaths(Path.GetFullPath(folder));
        var hold = paths is null ? null : Hold(files, paths, time);
        var state = new CollectionState(options, files, paths);
        try
        {
            var opener = new CollectionOpener(state);
            var log = opener.Open();
            return new VectorCollection(state, hold, log, opener.Report);
        }
        catch
        {
            state.Current?.Dispose();
            hold?.Dispose();
            throw;
        }
    }

    /// <summary>Ends what runs in the background, closes the files and gives the folder back. What is written by then stays written.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isClosed, true)) return;
        await _stop.CancelAsync();
        await _linker.DisposeAsync();
        await _check;
        await _state.Maintenance.WaitAsync();
        await _writer.DisposeAsync();
        _state.Epochs.WaitForReaders();
        _state.Current.Dispose();
        _hold?.Dispose();
        _stop.Dispose();
    }

    private static FolderHold Hold(FileSystem files, CollectionPaths paths, TimeProvider time)
    {
        try
        {
            files.CreateFolder(paths.Folder);
        }
        catch (Exception e) when (DiskFaults.IsOne(e))
        {
            throw DiskFaults.Map(e, "make the folder", paths.Folder);
        }

        return FolderHold.Take(paths, time);
    }

    /// <summary>Keeps the present generation until it is disposed of.</summary>
    private Reading Read()
    {
        var slot = _state.Epochs.Enter();
        if (!Volatile.Read(ref _isClosed)) return new Reading(_state, slot);
        _state.Epochs.Leave(slot);
        throw new ObjectDisposedException(nameof(VectorCollection), "the collection is closed");
    }

    private readonly struct Reading(CollectionState state, int slot) : IDisposable
    {
        public Generation Generation { get; } = state.Current;

        public void Dispose() => state.Epochs.Leave(slot);
    }
}
