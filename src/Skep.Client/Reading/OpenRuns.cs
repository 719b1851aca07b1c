namespace Skep.Client.Reading;

/// <summary>The runs of a folder, opened for reading. Works while another process owns the folder.</summary>
internal sealed class OpenRuns : IAsyncDisposable
{
    private OpenRuns(SkepFolder folder) =>
        (Folder, Store, Blobs) = (folder, SqliteStore.OpenReader(folder), new BlobStore(folder.BlobsPath));

    public SkepFolder Folder { get; }

    public SqliteStore Store { get; }

    public BlobStore Blobs { get; }

    public static OpenRuns In(CliContext cli, string? dir) => new(Folders.Find(cli, dir));

    /// <summary>Finds a run by what was written on the command line.</summary>
    public string Find(string word) => RunLookup.Find(Store, word);

    /// <summary>The folded state of a run.</summary>
    public RunState Load(string run) => RunReader.Load(Store, Blobs, run);

    public ValueTask DisposeAsync() => Store.DisposeAsync();
}
