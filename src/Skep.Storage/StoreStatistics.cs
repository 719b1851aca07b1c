namespace Skep.Storage;

/// <summary>What a store's writer has done since it was opened.</summary>
/// <param name="Commits">Transactions on disk; appends that waited together share one.</param>
/// <param name="Appends">Appends on disk.</param>
/// <param name="Events">Events on disk.</param>
/// <param name="Checkpoints">How often the write-ahead log was moved into the database.</param>
public readonly record struct StoreStatistics(long Commits, long Appends, long Events, long Checkpoints);
