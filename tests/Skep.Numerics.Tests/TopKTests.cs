namespace Skep.Numerics.Tests;

public sealed class TopKTests
{
    [Fact]
    public void The_best_are_those_of_a_stable_sort()
    {
        foreach (var length in new[] { 0, 1, 2, 5, 15, 16, 17, 33, 100, 257, 1000, 5000 })
            foreach (var k in new[] { 1, 2, 3, 10, 16, 100, 5000 })
                for (var seed = 0; seed < 4; seed++) Check(Scores(length, seed), k);
    }

    [Fact]
    public void Ascending_descending_and_equal_scores_are_no_special_case()
    {
        Check([.. Enumerable.Range(0, 300).Select(i => (float)i)], 10);
        Check([.. Enumerable.Range(0, 300).Select(i => (float)-i)], 10);
        Check(new float[300], 10);
        Check([0f, -0f, 0f, -0f], 3);
    }

    [Fact]
    public void NaN_is_never_chosen()
    {
        var scores = Enumerable.Repeat(float.NaN, 100).ToArray();
        Assert.Equal(0, TopK.Smallest(scores, new int[5], new float[5]));
        (scores[17], scores[99], scores[40]) = (float.PositiveInfinity, 1, float.NegativeInfinity);
        Check(scores, 5);
        Check(scores, 2);
    }

    [Fact]
    public void Nothing_wanted_and_different_room_are_answered()
    {
        Assert.Equal(0, TopK.Largest([1f, 2f], [], []));
        Assert.Throws<ArgumentException>(() => TopK.Largest([1f], new int[2], new float[1]));
    }

    private static void Check(float[] scores, int k)
    {
        // Equality of scores is that of numbers: −0 and 0 are one rank, as Order() on the sum with 0 makes them.
        var numbers = scores.Select((score, id) => (Score: score + 0f, Id: id)).Where(s => !float.IsNaN(s.Score)).ToArray();
        var (ids, chosen) = (new int[k], new float[k]);
        var count = TopK.Smallest(scores, ids, chosen);
        Expect(numbers.OrderBy(s => s.Score).ThenBy(s => s.Id).Take(k).Select(s => s.Id));
        count = TopK.Largest(scores, ids, chosen);
        Expect(numbers.OrderByDescending(s => s.Score).ThenBy(s => s.Id).Take(k).Select(s => s.Id));

        void Expect(IEnumerable<int> expected)
        {
            Assert.Equal(expected, ids[..count]);
            Assert.Equal(ids[..count].Select(i => scores[i]), chosen[..count]);
        }
    }

    /// <summary>With many ties and some special values.</summary>
    private static float[] Scores(int length, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, length).Select(_ => random.Next(40) switch
        {
            0 => float.NaN,
            1 => float.PositiveInfinity,
            2 => -0f,
            _ => seed % 2 == 0 ? random.Next(20) - 10f : (float)random.NextDouble(),
        })];
    }
}
