using System.Text;
using Skep.Embeddings.FullText;

namespace Skep.Embeddings.Tests.FullText;

/// <summary>The search that passes documents over, beside the one that scores all of them.</summary>
public sealed class MaxScoreTests
{
    [Theory]
    [InlineData(1, 300, 10)]
    [InlineData(2, 5_000, 1)]
    [InlineData(3, 5_000, 10)]
    [InlineData(4, 20_000, 50)]
    [InlineData(5, 20_000, 1_000)]
    public void Finds_what_scoring_everything_finds_with_the_same_scores_and_ties(int seed, int texts, int k)
    {
        var (index, random) = (Filled(seed, texts), new Random(seed));
        for (var question = 0; question < 60; question++)
        {
            var words = Words(random, random.Next(1, 8));
            var (snapshot, odd) = (index.Snapshot(), question % 3 == 0);
            Func<long, bool>? filter = odd ? static key => key % 7 < 3 : null;
            Assert.Equal(Everything(snapshot, words, k, filter), snapshot.Search(words, k, filter));
        }
    }

    [Fact]
    public void Is_right_while_texts_come_go_and_are_replaced()
    {
        var (index, random) = (Filled(9, 3_000), new Random(9));
        for (var round = 0; round < 200; round++)
        {
            index.Remove(random.Next(3_000));
            index.Put(random.Next(4_000), Words(random, random.Next(1, 60)));
            var words = Words(random, 4);
            Assert.Equal(Everything(index.Snapshot(), words, 10, null), index.Search(words, 10));
        }
    }

    [Fact]
    public void Texts_that_are_alike_come_by_key_and_none_of_them_is_passed_over()
    {
        var index = new TextIndex();
        for (var i = 9_999; i >= 0; i--) index.Put(i, "honey comb");
        Assert.Equal(Enumerable.Range(0, 25).Select(static i => (long)i), index.Search("comb honey", 25).Select(static h => h.Key));
    }

    [Fact]
    public void Documents_with_nothing_but_frequent_words_are_not_asked_for()
    {
        var index = new TextIndex();
        for (var i = 0; i < 20_000; i++) index.Put(i, i % 1_000 == 7 ? "honey comb nectar" : "honey comb");
        var asked = 0;
        var hits = index.Search("honey comb nectar", 10, _ => ++asked > 0);
        Assert.Equal(Enumerable.Range(0, 10).Select(static i => (i * 1_000L) + 7), hits.Select(static h => h.Key));
        Assert.InRange(asked, 10, 200);
    }

    /// <summary>Every document's score, term by term.</summary>
    private static List<TextHit> Everything(TextSnapshot snapshot, string words, int k, Func<long, bool>? filter)
    {
        var scores = new Dictionary<int, float>();
        foreach (var term in snapshot.Find(Terms.OfQuery(words, stemming: true, TextSnapshot.MaxQueryTerms)))
        {
            for (var at = 0; at < term.Count; at++) scores[term.DocumentAt(at)] = scores.GetValueOrDefault(term.DocumentAt(at)) + snapshot.Scores.Score(term, at, term.DocumentAt(at));
        }

        return [.. scores.Where(s => snapshot.IsThere(s.Key)).Select(s => new TextHit(snapshot.Scores.KeyOf(s.Key), s.Value)).Where(h => filter?.Invoke(h.Key) ?? true).OrderByDescending(static h => h.Score).ThenBy(static h => h.Key).Take(k)];
    }

    private static TextIndex Filled(int seed, int texts)
    {
        var (index, random) = (new TextIndex(), new Random(seed));
        for (var i = 0; i < texts; i++) index.Put(i, Words(random, random.Next(1, 60)));
        for (var i = 0; i < texts / 5; i++) index.Remove(random.Next(texts));
        return index;
    }

    /// <summary>Words as frequent as in real text: the n-th about 1/n as often as the first.</summary>
    private static string Words(Random random, int count)
    {
        var text = new StringBuilder();
        for (var i = 0; i < count; i++) text.Append("word").Append((int)Math.Exp(random.NextDouble() * Math.Log(3_000))).Append(' ');
        return text.ToString();
    }
}
