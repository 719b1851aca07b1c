using Microsoft.Win32.SafeHandles;
using Skep.Vectors.Collections;

namespace Skep.Vectors.Tests.Collections;

/// <summary>Checks of a segment that is large enough to be read by two threads.</summary>
public sealed class SegmentCheckTests : IDisposable
{
    private const int Dimension = 1024, Rows = 2_600; // ten blocks of rows and a piece of one

    private static readonly SegmentPart[] Parts = [SegmentPart.KeyEnds, SegmentPart.KeyText, SegmentPart.Rows, SegmentPart.Level0];

    private readonly CollectionFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Damaged_blocks_are_told_by_part_and_in_order()
    {
        await MakeSegmentAsync();
        Damage(SegmentPart.Rows, 10, 2, 7);
        Damage(SegmentPart.KeyText, 0);
        using var file = SegmentFile.Open(FileSystem.Real, _folder.Segment);
        using var check = new SegmentCheck(file, Parts);
        Assert.Equal([2, 7, 10], check.BadBlocks(SegmentPart.Rows));
        Assert.Equal([0], check.BadBlocks(SegmentPart.KeyText));
        Assert.True(check.IsWhole(SegmentPart.KeyEnds));
        Assert.Equal(file.BadBlocks(SegmentPart.Rows, CancellationToken.None), check.BadBlocks(SegmentPart.Rows));
    }

    [Fact]
    public async Task A_part_that_the_segment_has_not_is_whole_and_one_behind_the_end_of_the_file_is_not()
    {
        await MakeSegmentAsync();
        SegmentSection rows;
        using (var whole = SegmentFile.Open(FileSystem.Real, _folder.Segment)) rows = whole.Head[SegmentPart.Rows];
        using (var cut = File.OpenHandle(_folder.Segment, FileMode.Open, FileAccess.Write)) RandomAccess.SetLength(cut, rows.Offset + (8L * SegmentSection.BlockBytes) + 1);
        using var file = SegmentFile.Open(FileSystem.Real, _folder.Segment);
        using var check = new SegmentCheck(file, Parts);
        Assert.Equal([8, 9, 10], check.BadBlocks(SegmentPart.Rows));
        Assert.True(check.IsWhole(SegmentPart.Level0));
    }

    [Fact]
    public async Task A_disk_that_fails_is_told_to_whoever_asks_and_a_check_that_nobody_asks_ends_quietly()
    {
        await MakeSegmentAsync();
        var failing = new FailingReads();
        using var file = SegmentFile.Open(failing, _folder.Segment);
        failing.IsFailing = true;
        using (var check = new SegmentCheck(file, Parts)) Assert.Throws<IOException>(() => check.BadBlocks(SegmentPart.KeyEnds));
        var unasked = new SegmentCheck(file, Parts);
        unasked.Dispose();
        failing.IsFailing = false;
        using var again = new SegmentCheck(file, Parts);
        Assert.True(again.IsWhole(SegmentPart.Rows));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_collection_finds_its_records_while_and_after_its_files_are_read_in_the_background(bool verify)
    {
        await MakeSegmentAsync();
        await using var notes = VectorCollection.Open(_folder.Path, Options with { VerifyOnOpen = verify });
        Assert.Empty(notes.Opening.Rebuilt);
        RequireEach(notes);
        Assert.True((await notes.VerifyAsync()).IsSound);
        RequireEach(notes);
    }

    private static CollectionOptions Options => CollectionFolder.Options with { Index = new VectorIndexOptions { Dimension = Dimension, MaxRows = Rows, GraphFrom = Rows + 1 } };

    private static float[] Vector(int row)
    {
        var vector = new float[Dimension];
        (vector[row % Dimension], vector[row / Dimension]) = (1, vector[row / Dimension] + 0.25f);
        return vector;
    }

    private static void RequireEach(VectorCollection notes)
    {
        for (var row = 0; row < Rows; row += 97) Assert.Equal($"key-{row}", notes.Search(Vector(row), new CollectionQuery { K = 1, Exact = true })[0].Key);
    }

    private async Task MakeSegmentAsync()
    {
        await using var notes = VectorCollection.Open(_folder.Path, Options);
        await notes.UpsertAsync([.. Enumerable.Range(0, Rows).Select(row => new VectorRecord($"key-{row}", Vector(row)))]);
        await notes.CompactAsync();
    }

    private void Damage(SegmentPart part, params ReadOnlySpan<int> blocks)
    {
        SegmentSection section;
        using (var file = SegmentFile.Open(FileSystem.Real, _folder.Segment)) section = file.Head[part];
        foreach (var block in blocks) CollectionFolder.Flip(_folder.Segment, section.Offset + ((long)block * SegmentSection.BlockBytes) + 100);
    }

    private sealed class FailingReads : FileSystem
    {
        private bool _isFailing;

        public bool IsFailing
        {
            set => Volatile.Write(ref _isFailing, value);
        }

        public override int Read(SafeFileHandle file, Span<byte> buffer, long offset) =>
            Volatile.Read(ref _isFailing) ? throw new IOException("Input/output error") : base.Read(file, buffer, offset);
    }
}
