using System.Security.Cryptography;

namespace Skep.Storage.Tests;

public sealed class BlobStoreTests : IDisposable
{
    private static readonly byte[] Content = Given.Bytes("the work of a bee");

    private readonly TestFolder _test = new();
    private readonly ManualTime _time = new();
    private readonly BlobStore _blobs;

    public BlobStoreTests() => _blobs = new BlobStore(_test.Folder.BlobsPath, _time);

    public void Dispose() => _test.Dispose();

    private static string Sha(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    [Fact]
    public async Task Bytes_streams_and_files_of_the_same_content_are_one_blob()
    {
        var file = Path.Combine(_test.Project, "file");
        await File.WriteAllBytesAsync(file, Content);

        var expected = new BlobInfo(Sha(Content), Content.Length);
        Assert.Equal(expected, await _blobs.PutAsync(Content));
        Assert.Equal(expected, await _blobs.PutAsync(new MemoryStream(Content)));
        Assert.Equal(expected, await _blobs.PutFileAsync(file, BlobTransfer.Copy));
        Assert.True(File.Exists(file));
        Assert.Equal(expected, await _blobs.PutFileAsync(file, BlobTransfer.Move));
        Assert.False(File.Exists(file));

        Assert.Equal([_blobs.PathOf(expected.Sha256)], Files());
        Assert.True(_blobs.Exists(expected.Sha256));
        Assert.True(_blobs.Verify(expected.Sha256));
        Assert.Equal(Content, ReadAll(expected.Sha256));
    }

    [Fact]
    public async Task A_moved_file_becomes_the_blob()
    {
        var file = Path.Combine(_test.Project, "file");
        await File.WriteAllBytesAsync(file, Content);
        var blob = await _blobs.PutFileAsync(file, BlobTransfer.Move);
        Assert.Equal(Content, ReadAll(blob.Sha256));
        Assert.False(File.Exists(file));
        Assert.Single(Files());
    }

    [Fact]
    public async Task Empty_and_large_content_is_stored_whole()
    {
        var large = new byte[1_000_003];
        new Random(7).NextBytes(large);
        var empty = await _blobs.PutAsync(ReadOnlyMemory<byte>.Empty);
        var big = await _blobs.PutAsync(new MemoryStream(large));
        Assert.Empty(ReadAll(empty.Sha256));
        Assert.Equal(large, ReadAll(big.Sha256));
    }

    [Fact]
    public async Task Blobs_are_for_their_owner_only_and_not_to_be_changed()
    {
        var blob = await _blobs.PutAsync(Content);
        var path = _blobs.PathOf(blob.Sha256);
        Assert.True(File.Exists(path));
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead, File.GetUnixFileMode(path));
    }

    [Fact]
    public async Task A_changed_blob_is_found_out_and_healed_by_storing_it_again_only_when_its_length_tells()
    {
        var blob = await _blobs.PutAsync(Content);
        Overwrite(blob.Sha256, Given.Bytes("the work of a wsp"));
        Assert.False(_blobs.Verify(blob.Sha256));
        Overwrite(blob.Sha256, Given.Bytes("cut"));
        Assert.False(_blobs.Verify(blob.Sha256));

        await _blobs.PutAsync(Content);
        Assert.True(_blobs.Verify(blob.Sha256));
    }

    [Theory]
    [InlineData("../../../etc/passwd")]
    [InlineData("")]
    [InlineData("ABCDEFABCDEFABCDEFABCDEFABCDEFABCDEFABCDEFABCDEFABCDEFABCDEFABCD")]
    [InlineData("../4567890123456789012345678901234567890123456789012345678901234")]
    public void Only_a_lower_case_hash_names_a_blob(string name)
    {
        Assert.Throws<ArgumentException>(() => _blobs.Exists(name));
        Assert.Throws<ArgumentException>(() => _blobs.OpenRead(name));
        Assert.Throws<ArgumentException>(() => _blobs.Verify(name));
    }

    [Fact]
    public void A_missing_blob_is_reported()
    {
        var sha = Sha(Content);
        Assert.False(_blobs.Exists(sha));
        Assert.False(_blobs.Verify(sha));
        var e = Given.Fails(() => _blobs.OpenRead(sha), StorageFault.Io);
        Assert.Contains(sha, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_too_large_is_refused_and_leaves_nothing()
    {
        var small = new BlobStore(_test.Folder.BlobsPath, _time, maxBlobBytes: 10);
        var file = Path.Combine(_test.Project, "file");
        await File.WriteAllBytesAsync(file, Content);

        await Given.Fails(small.PutAsync(Content), StorageFault.TooLarge);
        await Given.Fails(small.PutAsync(new MemoryStream(Content)), StorageFault.TooLarge);
        await Given.Fails(small.PutFileAsync(file, BlobTransfer.Copy), StorageFault.TooLarge);
        await Given.Fails(small.PutFileAsync(file, BlobTransfer.Move), StorageFault.TooLarge);
        Assert.Empty(Files());
        Assert.Equal(Content, await File.ReadAllBytesAsync(file));
    }

    [Fact]
    public async Task Only_regular_files_are_stored()
    {
        var target = Path.Combine(_test.Project, "target");
        var link = Path.Combine(_test.Project, "link");
        await File.WriteAllBytesAsync(target, Content);
        File.CreateSymbolicLink(link, target);

        await Given.Fails(_blobs.PutFileAsync(link, BlobTransfer.Move), StorageFault.Io);
        await Given.Fails(_blobs.PutFileAsync(_test.Project, BlobTransfer.Copy), StorageFault.Io);
        await Given.Fails(_blobs.PutFileAsync(Path.Combine(_test.Project, "none"), BlobTransfer.Copy), StorageFault.Io);
        Assert.True(File.Exists(target) && File.Exists(link));
        Assert.Empty(Files());
    }

    [Fact]
    public async Task A_cancelled_put_leaves_nothing_and_a_moved_file_in_its_place()
    {
        var file = Path.Combine(_test.Project, "file");
        await File.WriteAllBytesAsync(file, Content);
        var cancelled = new CancellationToken(canceled: true);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _blobs.PutFileAsync(file, BlobTransfer.Move, cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _blobs.PutAsync(new MemoryStream(Content), cancelled));
        Assert.Equal(Content, await File.ReadAllBytesAsync(file));
        Assert.Empty(Files());
    }

    [Fact]
    public async Task Parallel_puts_of_the_same_and_of_different_content_all_succeed()
    {
        var contents = Enumerable.Range(0, 40).Select(i => Given.Bytes($"content {i % 8}")).ToArray();
        await Task.WhenAll(contents.Select(content => Task.Run(() => _blobs.PutAsync(new MemoryStream(content)))));
        Assert.Equal(8, Files().Length);
        Assert.All(contents, content => Assert.True(_blobs.Verify(Sha(content))));
    }

    [Fact]
    public async Task Garbage_collection_removes_what_is_old_and_not_referred_to()
    {
        var referenced = await _blobs.PutAsync(Given.Bytes("referenced"));
        var old = await _blobs.PutAsync(Given.Bytes("old"));
        var renewed = await _blobs.PutAsync(Given.Bytes("renewed"));
        _time.Advance(TimeSpan.FromHours(2));
        await _blobs.PutAsync(Given.Bytes("renewed"));
        var young = await _blobs.PutAsync(Given.Bytes("young"));
        var foreign = Path.Combine(Path.GetDirectoryName(_blobs.PathOf(old.Sha256))!, "README");
        await File.WriteAllTextAsync(foreign, "not a blob");
        File.SetLastWriteTimeUtc(foreign, _time.GetUtcNow().UtcDateTime.AddDays(-1));
        var left = Path.Combine(_test.Folder.BlobsPath, "tmp", "left-by-a-crash");
        await File.WriteAllTextAsync(left, "12345");
        File.SetLastWriteTimeUtc(left, _time.GetUtcNow().UtcDateTime.AddDays(-1));

        var garbage = _blobs.CollectGarbage(new HashSet<string> { referenced.Sha256 }, TimeSpan.FromHours(1));

        Assert.Equal(new BlobGarbage(1, 3 + 5, 1), garbage);
        Assert.False(_blobs.Exists(old.Sha256));
        Assert.True(_blobs.Exists(referenced.Sha256) && _blobs.Exists(renewed.Sha256) && _blobs.Exists(young.Sha256));
        Assert.True(File.Exists(foreign));
        Assert.Equal(default, _blobs.CollectGarbage(new HashSet<string>(), TimeSpan.FromHours(3)));
    }

    [Fact]
    public async Task An_examination_finds_missing_and_changed_blobs()
    {
        await using var store = SqliteStore.OpenOwner(_test.Folder);
        var good = await _blobs.PutAsync(Given.Bytes("good"));
        var changed = await _blobs.PutAsync(Given.Bytes("changed"));
        var missing = await _blobs.PutAsync(Given.Bytes("missing"));
        await store.AppendAsync(Given.Append("run", 0) with { BlobRefs = [good.Sha256, changed.Sha256, missing.Sha256] });
        Assert.True((await store.CheckAsync(_blobs)).IsHealthy);

        Overwrite(changed.Sha256, Given.Bytes("CHANGED"));
        File.Delete(_blobs.PathOf(missing.Sha256));

        var report = await store.CheckAsync(_blobs);
        Assert.Equal(1, report.Blobs);
        Assert.Equal(
            new[] { $"blob {changed.Sha256} is not what was written; it belongs to run 'run'", $"blob {missing.Sha256} is missing; it belongs to run 'run'" }.Order(),
            report.Problems.Order());
    }

    [Fact]
    public async Task A_folder_that_cannot_hold_blobs_is_reported()
    {
        var file = Path.Combine(_test.Project, "file");
        await File.WriteAllTextAsync(file, "");
        var e = await Assert.ThrowsAsync<StorageException>(() => new BlobStore(file).PutAsync(Content));
        Assert.Contains(file, e.Message, StringComparison.Ordinal);
    }

    private string[] Files() => Directory.GetFiles(_test.Folder.BlobsPath, "*", SearchOption.AllDirectories);

    private byte[] ReadAll(string sha256)
    {
        using var content = _blobs.OpenRead(sha256);
        using var copy = new MemoryStream();
        content.CopyTo(copy);
        return copy.ToArray();
    }

    private void Overwrite(string sha256, byte[] content)
    {
        var path = _blobs.PathOf(sha256);
        File.Delete(path);
        File.WriteAllBytes(path, content);
    }
}
