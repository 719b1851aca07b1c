using System.Security.Cryptography;
using Skep.Storage.Unix;

namespace Skep.Storage;

/// <summary>
/// Content-addressed files: a blob's name is the SHA-256 of its content, so the same content is stored once and a changed file
/// is found out. A blob is complete and on disk when a put returns. Any number of threads may use one instance.
/// </summary>
/// <param name="directory">Where the blobs are, normally <see cref="SkepFolder.BlobsPath"/>.</param>
/// <param name="time">Tells the age of blobs to garbage collection.</param>
/// <param name="maxBlobBytes">Largest blob, by default <see cref="DefaultMaxBlobBytes"/>.</param>
public sealed class BlobStore(string directory, TimeProvider? time = null, long maxBlobBytes = BlobStore.DefaultMaxBlobBytes)
{
    /// <summary>Largest blob unless told otherwise: 4 GiB.</summary>
    public const long DefaultMaxBlobBytes = 4L * 1024 * 1024 * 1024;

    private const int BufferBytes = 128 * 1024;

    private readonly TimeProvider _time = time ?? TimeProvider.System;

    /// <summary>Held while a blob gets its name or is collected, so that none is removed that was just put again.</summary>
    private readonly Lock _names = new();

    private long _lastTemporary;

    private string TemporaryPath => Path.Combine(directory, "tmp");

    /// <summary>Stores bytes.</summary>
    /// <exception cref="StorageException">They are too many, or cannot be written.</exception>
    public async Task<BlobInfo> PutAsync(ReadOnlyMemory<byte> content, CancellationToken cancel = default)
    {
        Bound(content.Length);
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(content.Span));
        if (IsThere(sha256, content.Length)) return new BlobInfo(sha256, content.Length);
        return await StoreAsync(async file =>
        {
            await file.WriteAsync(content, cancel);
            return new BlobInfo(sha256, content.Length);
        });
    }

    /// <summary>Stores what a stream yields until its end.</summary>
    /// <exception cref="StorageException">It is too much, or cannot be written.</exception>
    public Task<BlobInfo> PutAsync(Stream content, CancellationToken cancel = default) => StoreAsync(file => CopyAsync(content, file, cancel));

    /// <summary>Stores a file's content.</summary>
    /// <param name="path">A regular file.</param>
    /// <param name="transfer">Whether the file stays. Moving costs no copy on one file system; nobody may still be writing to the file.</param>
    /// <param name="cancel">Gives up; the file then stays where it is.</param>
    /// <exception cref="StorageException">It is no regular file, too large, or cannot be read or written.</exception>
    public async Task<BlobInfo> PutFileAsync(string path, BlobTransfer transfer, CancellationToken cancel = default)
    {
        try
        {
            RequireRegular(path);
            Bound(new FileInfo(path).Length);
            if (transfer == BlobTransfer.Move) return await MoveInAsync(path, cancel);
            var source = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferBytes, FileOptions.SequentialScan);
            await using (source) return await PutAsync(source, cancel);
        }
        catch (Exception e) when (FileFaults.IsFileFault(e))
        {
            throw FileFaults.Map(e, "store the file", path);
        }
    }

    /// <summary>Opens a blob for reading.</summary>
    /// <param name="sha256">Lower-case hex.</param>
    /// <exception cref="StorageException">There is no such blob, or it cannot be read.</exception>
    public Stream OpenRead(string sha256)
    {
        var path = PathOf(sha256);
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, BufferBytes, FileOptions.SequentialScan);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new StorageException(StorageFault.Io, $"there is no blob {sha256} in '{directory}': it was removed or never stored; restore it from a backup, or run again what produced it", e);
        }
        catch (Exception e) when (FileFaults.IsFileFault(e))
        {
            throw FileFaults.Map(e, "read the blob", path);
        }
    }

    /// <summary>Whether there is such a blob; its content is not looked at.</summary>
    public bool Exists(string sha256) => File.Exists(PathOf(sha256));

    /// <summary>Whether the blob is there and its content is what its name says.</summary>
    /// <exception cref="StorageException">It cannot be read.</exception>
    public bool Verify(string sha256)
    {
        if (!Exists(sha256)) return false;
        using var content = OpenRead(sha256);
        try
        {
            return Convert.ToHexStringLower(SHA256.HashData(content)) == sha256;
        }
        catch (Exception e) when (FileFaults.IsFileFault(e))
        {
            throw FileFaults.Map(e, "read the blob", PathOf(sha256));
        }
    }

    /// <summary>Removes blobs that nobody refers to, and what interrupted puts have left.</summary>
    /// <param name="referenced">The blobs to keep, see <see cref="SqliteStore.ReferencedBlobs"/>.</param>
    /// <param name="olderThan">Younger ones stay: they may have been put for an append that is still to come.</param>
    /// <exception cref="StorageException">A file cannot be removed.</exception>
    public BlobGarbage CollectGarbage(IReadOnlySet<string> referenced, TimeSpan olderThan)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(olderThan, TimeSpan.Zero);
        try
        {
            return new GarbageCollector(directory, TemporaryPath, _names, _time.GetUtcNow() - olderThan).Run(referenced);
        }
        catch (Exception e) when (FileFaults.IsFileFault(e))
        {
            throw FileFaults.Map(e, "collect garbage in", directory);
        }
    }

    internal string PathOf(string sha256)
    {
        Sha256Hex.Require(sha256);
        return Path.Combine(directory, sha256[..2], sha256[2..]);
    }

    private async Task<BlobInfo> StoreAsync(Func<FileStream, Task<BlobInfo>> write)
    {
        var temporary = NewTemporary();
        try
        {
            Directories.CreatePrivate(TemporaryPath);
            BlobInfo blob;
            await using (var file = Directories.OpenPrivate(temporary, FileMode.CreateNew, FileShare.None))
            {
                blob = await write(file);
                if (!IsThere(blob.Sha256, blob.Bytes)) file.Flush(flushToDisk: true);
            }

            Publish(temporary, blob);
            return blob;
        }
        catch (Exception e) when (FileFaults.IsFileFault(e))
        {
            throw FileFaults.Map(e, "store a blob in", directory);
        }
        finally
        {
            Discard(temporary);
        }
    }

    /// <summary>Takes the file away first: what is hashed afterwards is what is stored, whatever appears at the old path.</summary>
    private async Task<BlobInfo> MoveInAsync(string path, CancellationToken cancel)
    {
        Directories.CreatePrivate(TemporaryPath);
        var temporary = NewTemporary();
        File.Move(path, temporary);
        var published = false;
        try
        {
            BlobInfo blob;
            await using (var file = new FileStream(temporary, FileMode.Open, FileAccess.ReadWrite, FileShare.None, BufferBytes, FileOptions.SequentialScan))
            {
                blob = await CopyAsync(file, Stream.Null, cancel);
                file.Flush(flushToDisk: true);
            }

            Publish(temporary, blob);
            published = true;
            return blob;
        }
        finally
        {
            if (published) Discard(temporary);
            else File.Move(temporary, path);
        }
    }

    private async Task<BlobInfo> CopyAsync(Stream from, Stream to, CancellationToken cancel)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[BufferBytes];
        long bytes = 0;
        for (int read; (read = await from.ReadAsync(buffer, cancel)) > 0;)
        {
            Bound(bytes += read);
            hash.AppendData(buffer, 0, read);
            await to.WriteAsync(buffer.AsMemory(0, read), cancel);
        }

        return new BlobInfo(Convert.ToHexStringLower(hash.GetHashAndReset()), bytes);
    }

    /// <summary>Gives a complete file its name: first the content is on disk, then the name.</summary>
    private void Publish(string temporary, BlobInfo blob)
    {
        var path = PathOf(blob.Sha256);
        var shard = Path.GetDirectoryName(path)!;
        lock (_names)
        {
            if (IsThere(blob.Sha256, blob.Bytes)) return;
            if (!Directory.Exists(shard))
            {
                Directories.CreatePrivate(shard);
                Directories.Sync(directory);
            }

            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(temporary, UnixFileMode.UserRead);
            File.SetLastWriteTimeUtc(temporary, _time.GetUtcNow().UtcDateTime);
            File.Move(temporary, path, overwrite: true);
        }

        Directories.Sync(shard);
    }

    /// <summary>Whether a blob is already stored, as far as its length tells; if so it counts as young again.</summary>
    private bool IsThere(string sha256, long bytes)
    {
        var file = new FileInfo(PathOf(sha256));
        lock (_names)
        {
            if (!file.Exists || file.Length != bytes) return false;
            File.SetLastWriteTimeUtc(file.FullName, _time.GetUtcNow().UtcDateTime);
            return true;
        }
    }

    private string NewTemporary() =>
        Path.Combine(TemporaryPath, $"{Environment.ProcessId}-{Environment.CurrentManagedThreadId}-{_time.GetUtcNow().UtcTicks}-{Interlocked.Increment(ref _lastTemporary)}");

    private void Bound(long bytes)
    {
        if (bytes > maxBlobBytes) throw new StorageException(StorageFault.TooLarge, $"a blob may have at most {maxBlobBytes} bytes, this one has {bytes} or more: split it, or keep it outside and store a reference");
    }

    private static void RequireRegular(string path)
    {
        var owner = FileOwner.Of(path, followLinks: false);
        var regular = owner?.IsRegularFile ?? (File.Exists(path) && new FileInfo(path).LinkTarget is null);
        if (!regular) throw new StorageException(StorageFault.Io, $"cannot store '{path}' as a blob: it is not there or no regular file; name the file itself, not a link, folder or pipe");
    }

    private static void Discard(string temporary)
    {
        try
        {
            File.Delete(temporary);
        }
        catch (Exception e) when (FileFaults.IsFileFault(e))
        {
            // Garbage collection will find it.
        }
    }
}
