namespace Skep.Orchestration;

/// <summary>Where the files that tasks produce are kept, by content.</summary>
public interface IArtifactStore
{
    /// <summary>Stores a copy of a file and returns its hash and size. The same content twice is stored once.</summary>
    /// <param name="name">Path relative to the task's working directory, for the result.</param>
    /// <param name="path">Absolute path of a plain file.</param>
    /// <param name="cancel">Stops the copy.</param>
    /// <exception cref="IOException">The file cannot be read or the copy not written; the message says why.</exception>
    Task<Artifact> PutAsync(string name, string path, CancellationToken cancel);
}
