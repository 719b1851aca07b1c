using Skep.Vectors.Collections;

namespace Skep.Vectors.Tests.Collections;

public sealed class FullDiskTests : IDisposable
{
    private readonly CollectionFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_full_disk_refuses_the_batch_and_takes_more_once_there_is_room(int writesLeft)
    {
        var files = new FaultyFiles();
        await using (var notes = _folder.Open(files: files))
        {
            await notes.UpsertAsync(CollectionFolder.Records(0, 3));
            files.WritesLeft = writesLeft;
            var e = await Assert.ThrowsAsync<VectorException>(() => notes.UpsertAsync(CollectionFolder.Records(3, 3)));
            Assert.Equal(VectorFault.Disk, e.Fault);
            Assert.Contains("none of it was stored", e.Message, StringComparison.Ordinal);
            Assert.Contains("free some space", e.Message, StringComparison.Ordinal);
            CollectionFolder.RequireExactly(notes, CollectionFolder.Versions(0, 3));
            files.WritesLeft = int.MaxValue;
            await notes.UpsertAsync(CollectionFolder.Records(3, 1));
        }

        await using var again = _folder.Open();
        CollectionFolder.RequireExactly(again, CollectionFolder.Versions(0, 4));
    }

    [Fact]
    public async Task A_disk_that_is_full_at_any_point_of_a_compaction_leaves_everything_as_it_was()
    {
        var files = new FaultyFiles();
        await using (var notes = _folder.Open(files: files))
        {
            await notes.UpsertAsync(CollectionFolder.Records(0, 400));
            await notes.CompactAsync();
            await notes.UpsertAsync(CollectionFolder.Records(0, 100, version: 1));
        }

        var (expected, failures, segment) = (CollectionFolder.Versions(0, 400), 0, 1);
        for (var i = 0; i < 100; i++) expected[i] = 1;
        for (var left = 0; segment == 1; left++)
        {
            await using (var notes = _folder.Open(files: files))
            {
                files.WritesLeft = left;
                try
                {
                    await notes.CompactAsync();
                }
                catch (VectorException e)
                {
                    Assert.Equal(VectorFault.Disk, e.Fault);
                    failures++;
                }

                files.WritesLeft = int.MaxValue;
                segment = notes.Stats.Segment;
                Assert.Equal(400, notes.Count);
                await notes.UpsertAsync(CollectionFolder.Records(1_000 + left, 1));
                expected[1_000 + left] = 0;
                await notes.DeleteAsync([$"key-{1_000 + left - 1}"]);
                expected.Remove(1_000 + left - 1);
                CollectionFolder.RequireExactly(notes, expected);
                Assert.Single(Directory.GetFiles(_folder.Path, "segment-*"));
            }

            await using var again = _folder.Open(CollectionFolder.Options with { VerifyOnOpen = true });
            CollectionFolder.RequireExactly(again, expected);
            await again.DeleteAsync([$"key-{1_000 + left}"]);
            expected.Remove(1_000 + left);
        }

        Assert.InRange(failures, 15, 60); // a log, a dozen parts, the head, the manifest
    }

    [Fact]
    public async Task After_a_sync_that_failed_nothing_more_is_taken_until_the_collection_is_opened_again()
    {
        var files = new FaultyFiles();
        await using (var notes = _folder.Open(files: files))
        {
            await notes.UpsertAsync(CollectionFolder.Records(0, 3));
            files.FailSyncs = true;
            var e = await Assert.ThrowsAsync<VectorException>(() => notes.UpsertAsync(CollectionFolder.Records(3, 1)));
            Assert.Contains("opened again", e.Message, StringComparison.Ordinal);
            files.FailSyncs = false;
            Assert.Equal(VectorFault.Disk, (await Assert.ThrowsAsync<VectorException>(() => notes.UpsertAsync(CollectionFolder.Records(4, 1)))).Fault);
            CollectionFolder.RequireExactly(notes, CollectionFolder.Versions(0, 3));
        }

        await using var again = _folder.Open();
        Assert.InRange(again.Count, 3, 4);
        await again.UpsertAsync(CollectionFolder.Records(4, 1));
    }

    [Fact]
    public async Task A_half_written_batch_that_cannot_be_taken_back_is_cut_off_at_the_next_opening()
    {
        var files = new FaultyFiles();
        await using (var notes = _folder.Open(files: files))
        {
            await notes.UpsertAsync(CollectionFolder.Records(0, 3));
            (files.WritesLeft, files.FailCuts) = (1, true);
            await Assert.ThrowsAsync<VectorException>(() => notes.UpsertAsync(CollectionFolder.Records(3, 1)));
            files.WritesLeft = int.MaxValue;
            await Assert.ThrowsAsync<VectorException>(() => notes.UpsertAsync(CollectionFolder.Records(4, 1)));
        }

        await using var again = _folder.Open();
        Assert.True(again.Opening.TornBytes > 0);
        CollectionFolder.RequireExactly(again, CollectionFolder.Versions(0, 3));
    }

    [Fact]
    public async Task A_full_disk_in_a_snapshot_leaves_a_folder_that_is_refused_and_the_collection_as_it_was()
    {
        var files = new FaultyFiles();
        await using var notes = _folder.Open(files: files);
        await notes.UpsertAsync(CollectionFolder.Records(0, 300));
        await notes.CompactAsync();
        files.WritesLeft = 3;
        var e = await Assert.ThrowsAsync<VectorException>(() => notes.SnapshotAsync(_folder.Other("copy")));
        Assert.Equal(VectorFault.Disk, e.Fault);
        files.WritesLeft = int.MaxValue;
        Assert.Throws<VectorException>(() => VectorCollection.Open(_folder.Other("copy"), CollectionFolder.Options));
        CollectionFolder.RequireExactly(notes, CollectionFolder.Versions(0, 300));
    }
}
