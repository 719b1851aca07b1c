using Skep.Embeddings.FullText;

namespace Skep.Embeddings.Tests.FullText;

public sealed class TextIndexTests
{
    [Fact]
    public void Scores_are_those_of_BM25_computed_by_hand()
    {
        var index = Of("bee honey bee", "honey jar", "wax");
        var hits = index.Search("bee honey", 10);
        // N = 3, average length 2. idf(bee) = ln(1 + 2.5/1.5), idf(honey) = ln(1 + 1.5/2.5).
        var (bee, honey) = (Math.Log(1 + (2.5 / 1.5)), Math.Log(1 + (1.5 / 2.5)));
        double Part(int tf, int length) => tf * 2.2 / (tf + (1.2 * (0.25 + (0.75 * length / 2.0))));
        Assert.Equal([0L, 1L], hits.Select(h => h.Key));
        Assert.Equal((bee * Part(2, 3)) + (honey * Part(1, 3)), hits[0].Score, 1e-5);
        Assert.Equal(honey * Part(1, 2), hits[1].Score, 1e-5);
    }

    [Fact]
    public void Without_length_and_count_only_idf_counts()
    {
        var index = new TextIndex(new() { K1 = 0, B = 0 });
        index.Put(1, "bee bee bee");
        index.Put(2, "bee and a long text about all that lives in a hive");
        Assert.Equal(index.Search("bee", 2)[0].Score, index.Search("bee", 2)[1].Score);
        Assert.Equal([1L, 2L], index.Search("bee", 2).Select(h => h.Key));
    }

    [Fact]
    public void Endings_case_diacritics_and_parts_of_names_do_not_matter()
    {
        var index = Of("It measured the Größe", "call readFileAsync first");
        Assert.Equal(0, Assert.Single(index.Search("measuring", 5)).Key);
        Assert.Equal(0, Assert.Single(index.Search("GROSSE", 5)).Key);
        Assert.Equal(1, Assert.Single(index.Search("file", 5)).Key);
        Assert.Equal(1, Assert.Single(index.Search("readfileasync", 5)).Key);
    }

    [Fact]
    public void A_question_of_stop_words_alone_is_answered_by_them()
    {
        var index = Of("to be or not to be", "whether it is nobler in the mind");
        Assert.Equal(0, index.Search("to be or not to be", 1)[0].Key);
    }

    [Theory]
    [InlineData("")]
    [InlineData("?! …")]
    [InlineData("unheard")]
    public void What_is_not_there_is_not_found(string query) => Assert.Empty(Of("bee").Search(query, 10));

    [Fact]
    public void A_text_is_replaced_under_its_key_and_removed_once()
    {
        var index = Of("bee", "wasp");
        index.Put(0, "hornet");
        Assert.Equal(2, index.Count);
        Assert.Empty(index.Search("bee", 10));
        Assert.Equal(0, Assert.Single(index.Search("hornet", 10)).Key);
        Assert.True(index.Remove(0));
        Assert.False(index.Remove(0));
        Assert.Empty(index.Search("hornet", 10));
        Assert.Equal(1, index.Count);
    }

    [Fact]
    public void A_snapshot_does_not_see_what_comes_after_it()
    {
        var index = Of("bee", "bee wasp");
        var before = index.Snapshot();
        var scores = before.Search("bee", 10);
        index.Put(0, "hornet");
        index.Remove(1);
        for (var i = 2; i < 2_000; i++) index.Put(i, "bee");
        for (var i = 2; i < 2_000; i++) index.Remove(i);
        Assert.Equal(scores, before.Search("bee", 10));
        Assert.Empty(before.Search("hornet", 10));
        Assert.Empty(index.Search("bee", 10));
        Assert.Equal((2, 1), (before.Count, index.Count));
    }

    [Fact]
    public void Replacing_the_same_texts_again_and_again_takes_no_more_room()
    {
        var index = new TextIndex();
        void Round(int round)
        {
            for (var i = 0; i < 500; i++) index.Put(i, $"text {i} round{round} bee");
        }

        for (var round = 0; round < 4; round++) Round(round);
        var bytes = index.Bytes;
        for (var round = 4; round < 40; round++) Round(round);
        Assert.InRange(index.Bytes, 1, bytes * 2);
        Assert.Equal(500, index.Search("bee", 1_000).Count);
    }

    [Fact]
    public void A_full_index_says_so_and_stays_as_it_was()
    {
        var index = new TextIndex(new() { MaxBytes = 64 * 1024 });
        var key = 0;
        var refused = Assert.Throws<EmbeddingException>(() =>
        {
            for (; key < 100_000; key++) index.Put(key, $"bee word{key}");
        });
        Assert.Equal(EmbeddingFault.LimitReached, refused.Fault);
        Assert.Contains("MaxBytes", refused.Message);
        Assert.InRange(index.Bytes, 1, 64 * 1024);
        Assert.Equal(key, index.Search("bee", 100_000).Count);
    }

    [Fact]
    public void Bad_options_arguments_and_texts_are_refused()
    {
        Assert.All(new Action[]
        {
            () => _ = new TextIndex(new() { K1 = -1 }), () => _ = new TextIndex(new() { K1 = double.NaN }), () => _ = new TextIndex(new() { B = 1.1 }), () => _ = new TextIndex(new() { MaxBytes = 0 }),
            () => Of("bee").Search("bee", 0),
        }, wrong => Assert.Equal(EmbeddingFault.BadArgument, Assert.Throws<EmbeddingException>(wrong).Fault));
        Assert.Equal(EmbeddingFault.TextTooLong, Assert.Throws<EmbeddingException>(() => new TextIndex().Put(1, new string('x', TextIndex.MaxText + 1))).Fault);
    }

    [Fact]
    public void A_filter_leaves_out_keys_and_k_are_still_found()
    {
        var index = new TextIndex();
        for (var i = 0; i < 100; i++) index.Put(i, "bee");
        Assert.Equal([1L, 3L, 5L], index.Search("bee", 3, key => key % 2 == 1).Select(h => h.Key));
    }

    [Fact]
    public void Words_beyond_the_most_of_a_query_are_passed_over()
    {
        var index = Of("first", "last");
        var query = "first " + string.Join(' ', Enumerable.Range(0, TextSnapshot.MaxQueryTerms).Select(i => $"w{i}")) + " last";
        Assert.Equal(0, Assert.Single(index.Search(query, 10)).Key);
    }

    [Fact]
    public async Task Readers_beside_a_writer_see_whole_moments_only()
    {
        // The writer keeps one invariant: as many texts with 'left' as with 'right', or one more.
        var index = new TextIndex();
        using var done = new CancellationTokenSource();
        var looks = 0;
        var readers = Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
        {
            while (!done.IsCancellationRequested)
            {
                var now = index.Snapshot();
                var (left, right) = (now.Search("left", 10_000).Count, now.Search("right", 10_000).Count);
                Assert.InRange(left - right, 0, 1);
                Assert.Equal(now.Count, left + right);
                Interlocked.Increment(ref looks);
            }
        })).ToList();
        for (var round = 0; round < 20 || Volatile.Read(ref looks) < 20; round++)
        {
            for (var i = 0; i < 100; i++)
            {
                index.Put((2 * i) + 1_000, "left wing");
                index.Put((2 * i) + 1_001, "right wing");
            }

            for (var i = 0; i < 100; i++)
            {
                index.Remove((2 * i) + 1_001);
                index.Remove((2 * i) + 1_000);
            }
        }

        await done.CancelAsync();
        await Task.WhenAll(readers);
        Assert.True(looks >= 20);
    }

    [Fact]
    public void Any_writes_leave_what_a_plain_scan_finds() => Anything.Holds<List<(byte Key, byte Text, bool Remove)>>(200, writes =>
    {
        string[] texts = ["bee honey", "bee bee wax", "honey jar with honey", "", "wasp", "hive of bees and wasps"];
        var (index, truth) = (new TextIndex(), new Dictionary<long, string>());
        foreach (var (key, text, remove) in writes)
        {
            if (remove)
            {
                Assert.Equal(truth.Remove(key % 8), index.Remove(key % 8));
                continue;
            }

            truth[key % 8] = texts[text % texts.Length];
            index.Put(key % 8, truth[key % 8]);
        }

        Assert.Equal(truth.Count, index.Count);
        var fresh = new TextIndex();
        foreach (var (key, text) in truth) fresh.Put(key, text);
        foreach (var query in new[] { "bee", "honey wax", "wasps", "jar hive bee" })
            Assert.Equal(fresh.Search(query, 10), index.Search(query, 10));
    });

    private static TextIndex Of(params string[] texts)
    {
        var index = new TextIndex();
        for (var i = 0; i < texts.Length; i++) index.Put(i, texts[i]);
        return index;
    }
}
