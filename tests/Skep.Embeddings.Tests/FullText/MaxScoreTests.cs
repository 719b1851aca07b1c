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

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 0.001)]
    [InlineData(3, 0.01)]
    [InlineData(4, 0.1)]
    [InlineData(5, 0.5)]
    [InlineData(6, 0.9)]
    [InlineData(7, 1)]
    public void Finds_among_some_keys_what_scoring_everything_finds_among_them(int seed, double share)
    {
        var random = new Random(seed);
        var index = Filled(seed, 20_000);
        for (var question = 0; question < 80; question++)
        {
            var (words, snapshot, k) = (Words(random, random.Next(1, 8)), index.Snapshot(), 1 + (question * question % 300));
            var (keys, odd) = (Keys(random, 20_000, share), question % 3 == 0);
            Func<long, bool>? filter = odd ? static key => key % 7 < 3 : null;
            Assert.Equal(Everything(snapshot, words, k, key => Has(keys, key) && (!odd || key % 7 < 3)), snapshot.SearchAmong(keys, words, k, filter));
        }
    }

    [Fact]
    public void Finds_among_some_keys_while_texts_come_go_are_replaced_and_compacted()
    {
        var (index, random) = (Filled(19, 3_000), new Random(19));
        for (var round = 0; round < 400; round++)
        {
            // Replaced texts get new numbers, keys beyond the bits and below zero have none, and enough are removed for the lists to be written anew.
            for (var i = 0; i < 8; i++) index.Remove(random.Next(3_000));
            index.Put(random.Next(-50, 4_000), Words(random, random.Next(1, 60)));
            if (round == 200) for (var i = 0; i < 2_000; i++) index.Put(10_000 - i, Words(random, 20));
            var (words, keys) = (Words(random, 4), Keys(random, random.Next(12_000), random.NextDouble()));
            Assert.Equal(Everything(index.Snapshot(), words, 10, key => Has(keys, key)), index.SearchAmong(keys, words, 10));
        }
    }

    [Fact]
    public void Texts_that_are_alike_come_by_key_among_some_keys_too()
    {
        var index = new TextIndex();
        for (var i = 0; i < 9_999; i++) index.Put(i, "honey comb");
        var keys = new ulong[200];
        foreach (var key in new[] { 5, 64, 4_095, 4_096, 8_191, 9_998, 9_999, 12_000 }) keys[key >> 6] |= 1UL << key;
        Assert.Equal([5, 64, 4_095, 4_096, 8_191, 9_998], index.SearchAmong(keys, "comb honey", 25).Select(static h => h.Key));
        Assert.Empty(index.SearchAmong([], "comb honey", 25));
        Assert.Equal(EmbeddingFault.BadArgument, Assert.Throws<EmbeddingException>(() => index.SearchAmong(keys, "comb", 0)).Fault);
    }

    [Fact]
    public void Texts_besides_the_keys_are_never_asked_for()
    {
        var index = new TextIndex();
        for (var i = 0; i < 20_000; i++) index.Put(i, i % 10 == 3 ? "honey" : "honey comb honey");
        var (keys, asked) = (new ulong[20_000 / 64], 0);
        for (var key = 3; key < 19_968; key += 1_000) keys[key >> 6] |= 1UL << key;
        Assert.Equal(10, index.SearchAmong(keys, "honey", 10, key => key % 1_000 == 3 && ++asked > 0).Count);
        Assert.InRange(asked, 10, 20);
    }

    private static bool Has(ulong[] keys, long key) => key >= 0 && key < keys.Length * 64L && (keys[key >> 6] >> (int)(key & 63) & 1) != 0;

    private static ulong[] Keys(Random random, int count, double share)
    {
        var keys = new ulong[(count + 63) / 64];
        for (var key = 0; key < count; key++)
        {
            if (random.NextDouble() < share) keys[key >> 6] |= 1UL << key;
        }

        return keys;
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
