using Skep.Storage;

namespace Skep.Orchestration;

/// <summary>Keeps artifacts as blobs.</summary>
internal sealed class BlobArtifacts(BlobStore blobs) : IArtifactStore
{
    public async Task<Artifact> PutAsync(string name, string path, CancellationToken cancel)
    {
        var blob = await blobs.PutFileAsync(path, BlobTransfer.Copy, cancel);
        return new Artifact(name, blob.Sha256, blob.Bytes);
    }
}
