namespace Skep.Storage.Writing;

/// <summary>Work of a component within the group's transaction. What it throws undoes its own changes and nobody else's.</summary>
internal sealed class SqlRequest<T>(Func<SqlSession, T> work, long bytes) : WriteRequest
{
    /// <summary>What the work returned.</summary>
    internal T Result { get; private set; } = default!;

    internal override long Bytes => bytes;

    internal override Exception? Execute(LogWriter writer)
    {
        writer.Savepoint.Run();
        try
        {
            Result = work(writer.Session);
        }
        catch (StorageException e) when (e.Fault is not (StorageFault.Conflict or StorageFault.TooLarge))
        {
            throw; // The database itself is in trouble: the group is undone, and each is tried alone.
        }
#pragma warning disable CA1031 // whatever the work throws goes to its caller
        catch (Exception e)
#pragma warning restore CA1031
        {
            writer.Session.Finish();
            writer.UndoToSavepoint.Run();
            writer.ReleaseSavepoint.Run();
            return e;
        }

        writer.Session.Finish();
        writer.ReleaseSavepoint.Run();
        return null;
    }
}
