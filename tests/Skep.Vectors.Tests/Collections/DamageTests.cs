using Skep.Vectors.Collections;

namespace Skep.Vectors.Tests.Collections;

public sealed class DamageTests : IDisposable
{
    private readonly CollectionFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static CollectionOptions Strict => CollectionFolder.Options with { VerifyOnOpen = true };

    [Fact]
    public async Task A_torn_end_of_the_log_is_cut_off_wherever_it_was_torn_and_reported()
    {
        await WriteAsync(c => c.UpsertAsync(CollectionFolder.Records(0, 3)));
        var whole = new FileInfo(_folder.LastLog).Length - LogRecord.HeadBytes; // without the record that says "closed"
        Cut(whole);
        var log = _folder.LastLog;
        await WriteAsync(c => c.UpsertAsync(CollectionFolder.Records(3, 1)));
        var bytes = await File.ReadAllBytesAsync(log);
        var end = bytes.Length - LogRecord.HeadBytes;
        for (var cut = whole; cut < end; cut += 7)
        {
            await File.WriteAllBytesAsync(log, bytes[..(int)cut]);
            await using var notes = _folder.Open();
            Assert.Equal(cut - whole, notes.Opening.TornBytes);
            CollectionFolder.RequireExactly(notes, CollectionFolder.Versions(0, 3));
        }
    }

    [Fact]
    public async Task After_a_torn_end_was_cut_off_the_log_goes_on()
    {
        await WriteAsync(c => c.UpsertAsync(CollectionFolder.Records(0, 3)));
        Cut(new FileInfo(_folder.LastLog).Length - LogRecord.HeadBytes - 5);
        await using (var notes = _folder.Open())
        {
            Assert.Equal(0, notes.Count);
            Assert.True(notes.Opening.TornBytes > 0);
            await notes.UpsertAsync(CollectionFolder.Records(7, 2));
        }

        await using var again = _folder.Open();
        Assert.Equal(0, again.Opening.TornBytes);
        CollectionFolder.RequireExactly(again, CollectionFolder.Versions(7, 2));
    }

    [Fact]
    public async Task A_flipped_bit_anywhere_in_acknowledged_records_is_refused_with_the_name_of_what_is_lost()
    {
        await WriteAsync(async c =>
        {
            for (var i = 0; i < 5; i++) await c.UpsertAsync(CollectionFolder.Records(i, 1));
        });
        var length = new FileInfo(_folder.LastLog).Length - LogRecord.HeadBytes;
        for (long at = LogHeader.Bytes; at < length; at += 13)
        {
            // Padding is nobody's.
            CollectionFolder.Flip(_folder.LastLog, at);
            try
            {
                await using var notes = _folder.Open();
                Assert.Equal(5, notes.Count);
                Assert.Equal(0, notes.Opening.TornBytes);
            }
            catch (VectorException e)
            {
                Assert.Equal(VectorFault.Damaged, e.Fault);
                Assert.Contains(_folder.LastLog, e.Message, StringComparison.Ordinal);
                Assert.Contains("records", e.Message, StringComparison.Ordinal);
            }

            CollectionFolder.Flip(_folder.LastLog, at);
        }

        await using var mended = _folder.Open();
        CollectionFolder.RequireExactly(mended, CollectionFolder.Versions(0, 5));
    }

    [Fact]
    public async Task Damage_in_the_middle_of_a_log_can_be_accepted_and_costs_that_batch_alone()
    {
        await WriteAsync(async c =>
        {
            for (var i = 0; i < 5; i++) await c.UpsertAsync(CollectionFolder.Records(i, 1));
        });
        var record = (new FileInfo(_folder.LastLog).Length - LogHeader.Bytes - LogRecord.HeadBytes) / 5;
        CollectionFolder.Flip(_folder.LastLog, LogHeader.Bytes + (2 * record) + 60);
        Assert.Contains("AcceptLoss", Assert.Throws<VectorException>(() => _folder.Open()).Message, StringComparison.Ordinal);
        var left = CollectionFolder.Versions(0, 5);
        left.Remove(2);
        await using (var notes = _folder.Open(CollectionFolder.Options with { AcceptLoss = true }))
        {
            Assert.Contains("records 3 to 3", Assert.Single(notes.Opening.Lost), StringComparison.Ordinal);
            CollectionFolder.RequireExactly(notes, left);
            await notes.CompactAsync();
        }

        await using var again = _folder.Open();
        CollectionFolder.RequireExactly(again, left);
    }

    [Fact]
    public async Task A_missing_log_or_one_that_lacks_its_end_is_refused_when_another_follows()
    {
        var failing = new FaultyFiles();
        await using (var notes = _folder.Open(files: failing))
        {
            await notes.UpsertAsync(CollectionFolder.Records(0, 300));
            failing.WritesLeft = 6; // enough for another log, not for a segment
            await Assert.ThrowsAsync<VectorException>(() => notes.CompactAsync());
            failing.WritesLeft = int.MaxValue;
            await notes.UpsertAsync(CollectionFolder.Records(300, 3));
        }

        var first = _folder.File("wal-1.log");
        var bytes = await File.ReadAllBytesAsync(first);
        await using (var notes = _folder.Open()) CollectionFolder.RequireExactly(notes, CollectionFolder.Versions(0, 303));
        await File.WriteAllBytesAsync(first, bytes[..^100]);
        Assert.Equal(VectorFault.Damaged, Assert.Throws<VectorException>(() => _folder.Open()).Fault);
        File.Delete(first);
        Assert.Contains("wal-1.log", Assert.Throws<VectorException>(() => _folder.Open()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(nameof(SegmentPart.Codec))]
    [InlineData(nameof(SegmentPart.Codes))]
    [InlineData(nameof(SegmentPart.Parts))]
    [InlineData(nameof(SegmentPart.Level0))]
    [InlineData(nameof(SegmentPart.Levels))]
    [InlineData(nameof(SegmentPart.UpperAt))]
    [InlineData(nameof(SegmentPart.Upper))]
    [InlineData(nameof(SegmentPart.KeySlots))]
    public async Task Damaged_codes_links_and_key_tables_are_made_anew(string part)
    {
        await MakeSegmentAsync();
        Damage(part);
        await using (var notes = _folder.Open(Strict))
        {
            Assert.Single(notes.Opening.Rebuilt);
            Assert.Empty(notes.Opening.Lost);
            CollectionFolder.RequireExactly(notes, CollectionFolder.Versions(0, 600));
            await notes.CompactAsync();
            Assert.Equal(600, notes.Stats.Linked);
        }

        await using var again = _folder.Open(Strict);
        Assert.Empty(again.Opening.Rebuilt);
        CollectionFolder.RequireExactly(again, CollectionFolder.Versions(0, 600));
    }

    [Theory]
    [InlineData(nameof(SegmentPart.Rows), "'key-")]
    [InlineData(nameof(SegmentPart.KeyEnds), "whose keys are damaged")]
    [InlineData(nameof(SegmentPart.KeyText), "whose keys are damaged")]
    [InlineData(nameof(SegmentPart.Fields), "600 records")]
    public async Task Damaged_vectors_keys_and_fields_are_refused_with_the_name_of_what_is_lost_or_accepted(string part, string says)
    {
        await MakeSegmentAsync();
        Damage(part);
        var e = Assert.Throws<VectorException>(() => _folder.Open(Strict));
        Assert.Equal(VectorFault.Damaged, e.Fault);
        Assert.Contains(says, e.Message, StringComparison.Ordinal);
        Assert.Contains(_folder.Segment, e.Message, StringComparison.Ordinal);
        await using (var notes = _folder.Open(Strict with { AcceptLoss = true }))
        {
            Assert.Contains(says, Assert.Single(notes.Opening.Lost), StringComparison.Ordinal);
            Assert.Equal(0, notes.Count); // So few records share one block.
            await notes.UpsertAsync(CollectionFolder.Records(0, 5));
            await notes.CompactAsync();
        }

        await using var again = _folder.Open(Strict);
        CollectionFolder.RequireExactly(again, CollectionFolder.Versions(0, 5));
    }

    [Fact]
    public async Task Only_the_records_of_damaged_blocks_are_lost()
    {
        const int many = 20_000; // 64 bytes each: two blocks of rows
        await using (var notes = _folder.Open())
        {
            await notes.UpsertAsync(CollectionFolder.Records(0, many));
            await notes.CompactAsync();
        }

        Damage(nameof(SegmentPart.Rows));
        await using var left = _folder.Open(Strict with { AcceptLoss = true });
        Assert.Equal(many - (SegmentSection.BlockBytes / 64), left.Count);
        Assert.Contains($"{SegmentSection.BlockBytes / 64:N0} records", Assert.Single(left.Opening.Lost), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_log_still_holds_is_not_lost_with_the_segment()
    {
        await MakeSegmentAsync();
        await WriteAsync(c => c.UpsertAsync(CollectionFolder.Records(0, 590, version: 1)));
        await WriteAsync(c => c.DeleteAsync([.. Enumerable.Range(590, 10).Select(i => $"key-{i}")]));
        Damage(nameof(SegmentPart.Rows));
        Damage(nameof(SegmentPart.Fields));
        await using var notes = _folder.Open(Strict);
        CollectionFolder.RequireExactly(notes, CollectionFolder.Versions(0, 590, version: 1));
    }

    [Fact]
    public async Task A_segment_whose_links_are_damaged_while_it_is_open_is_found_and_mended()
    {
        await MakeSegmentAsync();
        await using var notes = _folder.Open(Strict);
        await notes.UpsertAsync(CollectionFolder.Records(600, 5));
        Damage(nameof(SegmentPart.Level0));
        var report = await notes.VerifyAsync();
        Assert.Contains("Level0", Assert.Single(report.Problems), StringComparison.Ordinal);
        CollectionFolder.RequireExactly(notes, CollectionFolder.Versions(0, 605));
        Assert.Equal(2, notes.Stats.Segment);
        Assert.True((await notes.VerifyAsync()).IsSound);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Lost_vectors_that_are_found_later_end_all_work_unless_that_is_accepted(bool accepted)
    {
        await MakeSegmentAsync();
        await using var notes = _folder.Open(Strict with { AcceptLoss = accepted });
        await notes.UpsertAsync(CollectionFolder.Records(0, 5, version: 1));
        Damage(nameof(SegmentPart.Rows));
        var report = await notes.VerifyAsync();
        Assert.Contains(report.Problems, p => p.StartsWith("lost: 595 records", StringComparison.Ordinal));
        if (accepted)
        {
            CollectionFolder.RequireExactly(notes, CollectionFolder.Versions(0, 5, version: 1));
            return;
        }

        Assert.Equal(VectorFault.Damaged, Assert.Throws<VectorException>(() => notes.Search(CollectionFolder.Vector(1))).Fault);
        Assert.Contains("595", Assert.Throws<VectorException>(() => notes.Get("key-9")).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<VectorException>(() => notes.UpsertAsync(CollectionFolder.Records(0, 1)));
    }

    [Fact]
    public async Task A_segment_that_is_cut_anywhere_is_refused_or_made_whole_and_never_read_beyond_its_end()
    {
        await MakeSegmentAsync();
        var bytes = await File.ReadAllBytesAsync(_folder.Segment);
        for (var length = 0; length < bytes.Length; length += (bytes.Length / 40) + 1)
        {
            await File.WriteAllBytesAsync(_folder.Segment, bytes[..length]);
            try
            {
                await using var notes = _folder.Open();
                Assert.NotEmpty(notes.Opening.Rebuilt);
                CollectionFolder.RequireExactly(notes, CollectionFolder.Versions(0, 600));
            }
            catch (VectorException e)
            {
                Assert.Equal(VectorFault.Damaged, e.Fault);
                Assert.Contains(_folder.Segment, e.Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task A_missing_or_headless_segment_and_a_damaged_manifest_are_refused()
    {
        await MakeSegmentAsync();
        CollectionFolder.Flip(_folder.Segment, 70);
        Assert.Contains("head of the segment", Assert.Throws<VectorException>(() => _folder.Open()).Message, StringComparison.Ordinal);
        CollectionFolder.Flip(_folder.Segment, 70);
        var segment = _folder.Segment;
        File.Move(segment, segment + ".away");
        Assert.Contains("is missing", Assert.Throws<VectorException>(() => _folder.Open()).Message, StringComparison.Ordinal);
        File.Move(segment + ".away", segment);
        var manifest = _folder.File("MANIFEST");
        for (var at = 0; at < new FileInfo(manifest).Length; at += 3)
        {
            CollectionFolder.Flip(manifest, at);
            Assert.Equal(VectorFault.Damaged, Assert.Throws<VectorException>(() => _folder.Open()).Fault);
            CollectionFolder.Flip(manifest, at);
        }

        File.Delete(manifest);
        Assert.Contains("MANIFEST", Assert.Throws<VectorException>(() => _folder.Open()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_of_a_later_version_are_refused_as_such()
    {
        await WriteAsync(c => c.UpsertAsync(CollectionFolder.Records(0, 1)));
        var manifest = _folder.File("MANIFEST");
        var text = (await File.ReadAllTextAsync(manifest)).Replace("skep-vectors 1\n", "skep-vectors 2\n", StringComparison.Ordinal);
        text = text[..text.LastIndexOf("crc32c", StringComparison.Ordinal)];
        await File.WriteAllTextAsync(manifest, $"{text}crc32c {Crc.Of(System.Text.Encoding.UTF8.GetBytes(text)):x8}\n");
        var e = Assert.Throws<VectorException>(() => _folder.Open());
        Assert.Equal(VectorFault.Incompatible, e.Fault);
        Assert.Contains("version 2", e.Message, StringComparison.Ordinal);
    }

    private async Task MakeSegmentAsync()
    {
        await WriteAsync(async c =>
        {
            await c.UpsertAsync(CollectionFolder.Records(0, 600));
            await c.CompactAsync();
        });
    }

    private async Task WriteAsync(Func<VectorCollection, Task> write)
    {
        await using var notes = _folder.Open();
        await write(notes);
    }

    /// <summary>Turns a bit in the middle of a part's first block.</summary>
    private void Damage(string part)
    {
        using var file = SegmentFile.Open(FileSystem.Real, _folder.Segment);
        var section = file.Head[Enum.Parse<SegmentPart>(part)];
        CollectionFolder.Flip(_folder.Segment, section.Offset + (section.BytesOf(0) / 2));
    }

    private void Cut(long length)
    {
        using var file = File.OpenHandle(_folder.LastLog, FileMode.Open, FileAccess.ReadWrite);
        RandomAccess.SetLength(file, length);
    }
}
