namespace Skep.Vectors.Collections;

/// <summary>What the parts of a collection share. Each part says what it writes.</summary>
internal sealed class CollectionState(CollectionOptions options, FileSystem files, CollectionPaths? paths)
{
    private Generation _current = null!;
    private long _version;
    private VectorException? _damage, _backgroundFault;

    public CollectionOptions Options => options;

    public FileSystem Files => files;

    /// <summary>Null for a collection in memory alone.</summary>
    public CollectionPaths? Paths => paths;

    public ReaderEpochs Epochs { get; } = new();

    /// <summary>One linking, compaction, snapshot or check at a time.</summary>
    public SemaphoreSlim Maintenance { get; } = new(1, 1);

    /// <summary>What is read. Written by the writer's thread alone.</summary>
    public Generation Current
    {
        get => Volatile.Read(ref _current);
        set => Volatile.Write(ref _current, value);
    }

    /// <summary>Changes whenever records are replaced, and is odd meanwhile: a search in between may meet a record twice.</summary>
    public long Version => Volatile.Read(ref _version);

    /// <summary>The files that make up the collection. Written under <see cref="Maintenance"/>.</summary>
    public Manifest? Manifest { get; set; }

    /// <summary>Bytes of logs before the present one. Written under <see cref="Maintenance"/>.</summary>
    public long EarlierLogBytes { get; set; }

    /// <summary>Compactions so far. Written under <see cref="Maintenance"/>.</summary>
    public int Compactions { get; set; }

    /// <summary>What went wrong in the background last.</summary>
    public VectorException? BackgroundFault
    {
        get => Volatile.Read(ref _backgroundFault);
        set => Volatile.Write(ref _backgroundFault, value);
    }

    public void TurnVersion() => Interlocked.Increment(ref _version);

    /// <summary>From now on everything is refused: records are lost, and nobody has accepted that.</summary>
    public void Fail(VectorException damage) => Interlocked.CompareExchange(ref _damage, damage, null);

    /// <summary>Records turned out to be lost while they are in use: where that is accepted they are taken out, else everything is refused from now on.</summary>
    /// <exception cref="VectorException">It is not accepted.</exception>
    public void Lose(Generation generation, IReadOnlyCollection<int> rows, string loss)
    {
        BackgroundFault = new VectorException(VectorFault.Damaged, $"lost: {loss}");
        if (options.AcceptLoss)
        {
            LossReport.Drop(generation, rows);
            return;
        }

        Fail(LossReport.Refusal(loss));
        RequireSound();
    }

    /// <summary>Refuses to go on after records were lost.</summary>
    public void RequireSound()
    {
        if (Volatile.Read(ref _damage) is { } damage) throw new VectorException(damage.Fault, damage.Message, damage);
    }
}
