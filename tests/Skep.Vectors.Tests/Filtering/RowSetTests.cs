using Skep.Vectors.Filtering;

namespace Skep.Vectors.Tests.Filtering;

/// <summary>Sets of rows beside ordinary sets.</summary>
public sealed class RowSetTests
{
    private static RowSet Of(int rows, IEnumerable<int> members)
    {
        var words = new ulong[BitWords.Words(rows)];
        foreach (var row in members)
        {
            BitWords.Set(words, row);
        }

        return RowSet.FromBits(words, rows);
    }

    [Fact]
    public void Sets_of_every_size_combine_as_sets_do()
    {
        var random = new Random(3);
        for (var rows = 0; rows < 700; rows += random.Next(1, 9))
        {
            int[] a = [.. Enumerable.Range(0, rows).Where(_ => random.Next(3) == 0)];
            int[] b = [.. Enumerable.Range(0, rows / 2).Where(_ => random.Next(2) == 0)];
            var (left, right) = (Of(rows, a), Of(rows / 2, b));

            Assert.Equal(a, left.ToArray());
            Assert.Equal(a.Length, left.Count);
            Assert.Equal(a.Intersect(b), left.And(right).ToArray());
            Assert.Equal(a.Intersect(b), right.And(left).ToArray());
            Assert.Equal(a.Union(b).Order(), left.Or(right).ToArray());
            Assert.Equal(a.Union(b).Order(), right.Or(left).ToArray());
            Assert.Equal(a.Except(b), left.AndNot(right).ToArray());
            Assert.Equal(b.Except(a), right.AndNot(left.Words).ToArray());
            Assert.Equal(Enumerable.Range(0, rows), RowSet.All(rows).ToArray());
            Assert.Equal(rows, RowSet.All(rows).Count);
            Assert.Empty(RowSet.None(rows).ToArray());
        }
    }

    [Fact]
    public void Bits_beyond_the_rows_do_not_count()
    {
        var set = RowSet.FromBits([ulong.MaxValue, ulong.MaxValue], 70);

        Assert.Equal(70, set.Count);
        Assert.True(set.Contains(69));
        Assert.False(set.Contains(70));
        Assert.False(set.Contains(-1));
        Assert.Equal(64, RowSet.FromBits([ulong.MaxValue], 70).Count);
        var few = new int[3];
        Assert.Equal(3, set.CopyTo(few));
        Assert.Equal([0, 1, 2], few);
    }
}
