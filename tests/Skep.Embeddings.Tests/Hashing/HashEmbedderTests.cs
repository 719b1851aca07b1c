using Skep.Embeddings.Hashing;

namespace Skep.Embeddings.Tests.Hashing;

public sealed class HashEmbedderTests
{
    private readonly HashEmbedder _embedder = new();

    [Theory]
    [InlineData(128)]
    [InlineData(384)]
    [InlineData(1000)]
    [InlineData(1024)]
    public void A_vector_has_its_dimension_and_length_1(int dimension)
    {
        var vector = Vector("The queen is a pure state machine over events.", new(dimension));
        Assert.Equal(dimension, vector.Length);
        Assert.Equal(1, Dot(vector, vector), 1e-5);
    }

    [Theory]
    [InlineData(127)]
    [InlineData(1025)]
    [InlineData(0)]
    public void Other_dimensions_are_refused(int dimension)
    {
        var refused = Assert.Throws<EmbeddingException>(() => new HashEmbedder(dimension));
        Assert.Equal(EmbeddingFault.BadArgument, refused.Fault);
        Assert.Contains("128 to 1,024", refused.Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \t\r\n")]
    [InlineData("+++ --- !!!")]
    [InlineData("\0\ud83d")]
    public void A_text_without_words_is_refused_and_can_be_asked_about(string text)
    {
        var vector = new float[384];
        vector.AsSpan().Fill(7);
        Assert.False(_embedder.TryEmbed(text, vector));
        Assert.All(vector, v => Assert.Equal(0f, v));
        var refused = Assert.Throws<EmbeddingException>(() => _embedder.Embed(text, vector));
        Assert.Equal(EmbeddingFault.EmptyText, refused.Fault);
        Assert.Contains("nothing to embed", refused.Message);
    }

    [Fact]
    public void A_text_that_is_too_long_is_refused_and_the_longest_is_not()
    {
        var longest = string.Concat(Enumerable.Repeat("bees make honey ", HashEmbedder.MaxText / 16));
        Assert.Equal(HashEmbedder.MaxText, longest.Length);
        Assert.Equal(1, Dot(Vector(longest), Vector(longest)), 1e-5);
        var refused = Assert.Throws<EmbeddingException>(() => Vector(longest + "x"));
        Assert.Equal(EmbeddingFault.TextTooLong, refused.Fault);
        Assert.Contains("1,048,577", refused.Message);
    }

    [Fact]
    public void More_different_words_than_are_counted_still_make_a_vector()
    {
        var random = new Random(1);
        var text = string.Create(HashEmbedder.MaxText, random, static (to, r) =>
        {
            for (var i = 0; i < to.Length; i++) to[i] = r.Next(6) == 0 ? ' ' : (char)('a' + r.Next(26));
        });
        Assert.Equal(Vector(text), Vector(text));
        Assert.Equal(1, Dot(Vector(text), Vector(text)), 1e-5);
    }

    [Fact]
    public void A_million_characters_without_a_blank_are_bounded_too()
    {
        var vector = Vector(new string('x', HashEmbedder.MaxText));
        Assert.Equal(1, Dot(vector, vector), 1e-5);
    }

    [Fact]
    public void A_place_of_another_length_is_refused()
    {
        Assert.Equal(EmbeddingFault.BadArgument, Assert.Throws<EmbeddingException>(() => _embedder.Embed("x", new float[383])).Fault);
        Assert.Equal(EmbeddingFault.BadArgument, Assert.Throws<EmbeddingException>(() => { _ = _embedder.EmbedAsync(["x", "y"], new float[384]).AsTask(); }).Fault);
    }

    [Fact]
    public void Texts_that_share_words_or_parts_of_words_are_nearer_than_others()
    {
        var asked = Vector("retry a failed upload");
        var near = Dot(asked, Vector("uploads that fail are retried"));
        Assert.True(near > 0.3, $"{near}");
        Assert.True(near > Dot(asked, Vector("the weather in Lisbon was mild")) + 0.2);
    }

    [Fact]
    public void Spelling_is_compared_and_meaning_is_not()
    {
        Assert.True(Dot(Vector("synchronisation"), Vector("synchronization")) > 0.5);
        Assert.True(Math.Abs(Dot(Vector("car"), Vector("automobile"))) < 0.3);
    }

    [Fact]
    public void Case_and_diacritics_do_not_matter_and_neither_do_blanks()
    {
        Assert.Equal(Vector("Größe der STRASSE"), Vector("  grosse\nder\tstraße "));
    }

    [Fact]
    public async Task Several_texts_lie_one_after_the_other()
    {
        string[] texts = ["first text", "second text", "third"];
        var vectors = new float[3 * 384];
        await _embedder.EmbedAsync(texts, vectors);
        for (var i = 0; i < texts.Length; i++) Assert.Equal(await _embedder.EmbedAsync(texts[i]), vectors[(i * 384)..((i + 1) * 384)]);
    }

    [Fact]
    public void Its_name_says_what_it_is() => Assert.Equal("skep-hash-1:384:unit", _embedder.Model.ToString());

    [Fact]
    public void Any_text_gives_the_same_vector_twice_of_length_1_or_0() => Anything.Holds<string>(300, text =>
    {
        var (first, second) = (new float[384], new float[384]);
        var any = _embedder.TryEmbed(text, first);
        Assert.Equal(any, _embedder.TryEmbed(text, second));
        Assert.Equal(first, second);
        Assert.Equal(any ? 1 : 0, Dot(first, first), 1e-4);
    });

    [Fact]
    public void Counts_grow_with_occurrences_but_slower() => Anything.Holds<FsCheck.PositiveInt>(300, count =>
    {
        var (one, many) = (SubLinear.Of(count.Get), SubLinear.Of(count.Get + 1));
        Assert.True(many > one || count.Get > 4096);
        Assert.Equal(1 + Math.Log2(count.Get), (double)one / SubLinear.One, 0.1);
    });

    private float[] Vector(string text, HashEmbedder? embedder = null)
    {
        var vector = new float[(embedder ?? _embedder).Model.Dimension];
        (embedder ?? _embedder).Embed(text, vector);
        return vector;
    }

    private static double Dot(float[] a, float[] b) => a.Zip(b, (x, y) => (double)x * y).Sum();
}
