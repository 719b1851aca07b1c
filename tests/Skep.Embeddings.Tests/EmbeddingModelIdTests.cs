namespace Skep.Embeddings.Tests;

public sealed class EmbeddingModelIdTests
{
    [Theory]
    [InlineData("skep-hash-1", 384, true, "skep-hash-1:384:unit")]
    [InlineData("openai/text-embedding-3-small", 1536, false, "openai/text-embedding-3-small:1536:raw")]
    [InlineData("near:qwen3", 1, true, "near:qwen3:1:unit")]
    public void An_id_is_written_and_read(string name, int dimension, bool normalised, string text)
    {
        var id = new EmbeddingModelId(name, dimension, normalised);
        Assert.Equal(text, id.ToString());
        Assert.True(EmbeddingModelId.TryParse(text, out var read));
        Assert.Equal(id, read);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("x:384")]
    [InlineData("x:384:half")]
    [InlineData(":384:unit")]
    [InlineData("x:0:unit")]
    [InlineData("x:-1:unit")]
    [InlineData("x: 1:unit")]
    [InlineData("x:99999999999:unit")]
    [InlineData("a b:3:unit")]
    public void What_is_no_id_is_not_read(string? text) => Assert.False(EmbeddingModelId.TryParse(text, out _));

    [Theory]
    [InlineData("", 3)]
    [InlineData("a b", 3)]
    [InlineData("a", 0)]
    [InlineData("a", 65_537)]
    public void What_is_no_id_cannot_be_made(string name, int dimension) =>
        Assert.Equal(EmbeddingFault.BadArgument, Assert.Throws<EmbeddingException>(() => new EmbeddingModelId(name, dimension, true)).Fault);

    [Theory]
    [InlineData("other", 384, true, "different models")]
    [InlineData("skep-hash-1", 128, true, "different lengths")]
    [InlineData("skep-hash-1", 384, false, "different scales")]
    public void Vectors_that_do_not_belong_together_are_refused_with_the_reason(string name, int dimension, bool normalised, string why)
    {
        var held = new EmbeddingModelId("skep-hash-1", 384, true);
        var refused = Assert.Throws<EmbeddingException>(() => held.RequireSame(new(name, dimension, normalised), "notes"));
        Assert.Equal(EmbeddingFault.ModelMismatch, refused.Fault);
        Assert.Contains("'notes' holds vectors of skep-hash-1 (384 dimensions, normalised)", refused.Message);
        Assert.Contains(why, refused.Message);
        held.RequireSame(new("skep-hash-1", 384, true), "notes");
    }
}
