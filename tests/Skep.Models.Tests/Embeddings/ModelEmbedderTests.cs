using Microsoft.Extensions.AI;
using Skep.Embeddings;
using Skep.Models.Embeddings;
using Skep.Models.Endpoints;
using Skep.Models.Limits;
using Skep.Testing;

namespace Skep.Models.Tests.Embeddings;

public sealed class ModelEmbedderTests
{
    private readonly FakeTime _time = new();

    [Fact]
    public async Task A_model_behind_the_scripted_server_embeds_texts_over_a_real_socket()
    {
        await using var server = await ScriptedModelServer.StartAsync(ScriptedModel.Build(s => s.Models.Add("embed-1")));
        var variables = new Dictionary<string, string> { ["SKEP_MODEL_BASE_URL"] = server.BaseUrl.ToString(), ["SKEP_MODEL"] = "embed-1" };
        using var source = new ModelSource(null, new() { Environment = name => variables.GetValueOrDefault(name) });
        var embedder = await ModelEmbedder.CreateAsync(source.ResolveEmbeddings("default"), new() { Dimension = 32 });
        Assert.Equal("default/embed-1:32:unit", embedder.Model.ToString());
        var (queen, again, other) = (await embedder.EmbedAsync("the queen folds events"), await embedder.EmbedAsync("the queen folds events"), await embedder.EmbedAsync("weather in Lisbon"));
        Assert.Equal(queen, again);
        Assert.Equal(1, Dot(queen, queen), 1e-5);
        Assert.True(Dot(queen, await embedder.EmbedAsync("a queen of events")) > Dot(queen, other));
    }

    [Fact]
    public async Task Texts_go_out_in_bounded_batches_and_vectors_come_in_their_order()
    {
        var fake = new Fake();
        var embedder = await ModelEmbedder.CreateAsync(Route(fake), new() { BatchTexts = 3, BatchTokens = 100 });
        string[] texts = ["1", "2", "3", "4", new string('5', 400), "6"];
        var vectors = new float[texts.Length * 2];
        await embedder.EmbedAsync(texts, vectors);
        Assert.Equal([1, 3, 1, 1, 1], fake.Batches);
        for (var i = 0; i < texts.Length; i++)
        {
            var expected = Fake.Vector(texts[i]);
            var length = Math.Sqrt(expected.Sum(v => (double)v * v));
            Assert.Equal(expected.Select(v => (float)(v / length)), vectors[(2 * i)..((2 * i) + 2)]);
        }
    }

    [Fact]
    public async Task What_is_transient_is_tried_again_and_each_try_takes_a_turn()
    {
        var (fake, gate) = (new Fake(), new CountingGate());
        var embedder = await ModelEmbedder.CreateAsync(new("near", "m", fake, gate), new() { Time = _time });
        fake.Faults.Enqueue(new ModelException(ModelFault.Overloaded, "busy") { RetryAfter = TimeSpan.FromSeconds(20) });
        fake.Faults.Enqueue(new ModelException(ModelFault.ServerError, "oops"));
        var asking = embedder.EmbedAsync("x").AsTask();
        var waited = TimeSpan.Zero;
        while (!asking.IsCompleted)
        {
            if (_time.Timers > 0)
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                waited += TimeSpan.FromSeconds(1);
            }

            await Task.Yield();
        }

        Assert.Equal(2, (await asking).Length);
        Assert.True(waited >= TimeSpan.FromSeconds(20));
        Assert.Equal((4, 2, 2), (gate.Entered, gate.DoneCount, gate.FailedCount));
    }

    [Fact]
    public async Task What_would_fail_again_is_not_tried_again()
    {
        var fake = new Fake();
        var embedder = await ModelEmbedder.CreateAsync(Route(fake));
        fake.Faults.Enqueue(new ModelException(ModelFault.Unauthorized, "no"));
        Assert.Equal(ModelFault.Unauthorized, (await Assert.ThrowsAsync<ModelException>(() => embedder.EmbedAsync("x").AsTask())).Fault);
        Assert.Empty(fake.Faults);
    }

    [Theory]
    [InlineData("", EmbeddingFault.EmptyText)]
    [InlineData(" \n", EmbeddingFault.EmptyText)]
    [InlineData("12345678901", EmbeddingFault.TextTooLong)]
    public async Task A_text_that_cannot_be_embedded_is_refused_before_anything_is_sent(string text, EmbeddingFault fault)
    {
        var fake = new Fake();
        var embedder = await ModelEmbedder.CreateAsync(Route(fake), new() { MaxText = 10 });
        Assert.Equal(fault, (await Assert.ThrowsAsync<EmbeddingException>(() => embedder.EmbedAsync(["fine", text], new float[4]).AsTask())).Fault);
        Assert.Single(fake.Batches);
    }

    [Theory]
    [InlineData(new float[] { 1, 2, 3 }, "3 dimensions after vectors of 2")]
    [InlineData(new float[] { 0, 0 }, "zero")]
    [InlineData(new[] { float.NaN, 1 }, "not finite")]
    public async Task Vectors_that_cannot_be_used_are_refused_with_the_reason(float[] vector, string why)
    {
        var fake = new Fake();
        var embedder = await ModelEmbedder.CreateAsync(Route(fake));
        fake.Always = vector;
        var refused = await Assert.ThrowsAsync<EmbeddingException>(() => embedder.EmbedAsync("x").AsTask());
        Assert.Equal(EmbeddingFault.BadVectors, refused.Fault);
        Assert.Contains("near/m", refused.Message);
        Assert.Contains(why, refused.Message);
    }

    [Fact]
    public async Task Another_dimension_than_asked_for_is_refused_at_once()
    {
        var refused = await Assert.ThrowsAsync<EmbeddingException>(() => ModelEmbedder.CreateAsync(Route(new Fake()), new() { Dimension = 3 }));
        Assert.Contains("gives vectors of 2 dimensions where 3 were asked for", refused.Message);
    }

    [Fact]
    public async Task The_scripted_server_is_as_strict_with_embeddings_as_with_chats()
    {
        var model = ScriptedModel.Build(s =>
        {
            s.Keys.Add("right");
            s.Models.Add("m");
            s.Limits = new ScriptLimits { Requests = 1, Window = TimeSpan.FromMinutes(1) };
        });
        using var http = new HttpMessageInvoker(new ScriptedModelHandler(model));
        Task<ModelException> FailsAsync(string key, string name, params string[] texts) => Assert.ThrowsAsync<ModelException>(() =>
            new OpenAIEmbeddingGenerator(http, new("x", Skep.Models.Endpoints.ModelWire.OpenAI, new("http://localhost")), key, name).GenerateAsync(texts));
        Assert.Equal(ModelFault.Unauthorized, (await FailsAsync("wrong", "m", "x")).Fault);
        Assert.Equal(ModelFault.NotFound, (await FailsAsync("right", "n", "x")).Fault);
        Assert.Equal(ModelFault.BadRequest, (await FailsAsync("right", "m", "")).Fault);
        Assert.Single(await new OpenAIEmbeddingGenerator(http, new("x", Skep.Models.Endpoints.ModelWire.OpenAI, new("http://localhost")), "right", "m").GenerateAsync(["x"]));
        Assert.Equal(ModelFault.RateLimited, (await FailsAsync("right", "m", "x")).Fault);
        Assert.Equal(1, model.Rates.Allowed);
    }

    private static EmbeddingRoute Route(Fake fake) => new("near", "m", fake, OpenGate.Instance);

    private static double Dot(float[] a, float[] b) => a.Zip(b, (x, y) => (double)x * y).Sum();

    private sealed class Fake : IEmbeddingGenerator<string, Embedding<float>>
    {
        public List<int> Batches { get; } = [];

        public Queue<ModelException> Faults { get; } = [];

        public float[]? Always { get; set; }

        public static float[] Vector(string text) => [text.Length, text[0]];

        public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
        {
            if (Faults.TryDequeue(out var fault)) return Task.FromException<GeneratedEmbeddings<Embedding<float>>>(fault);
            var texts = values.ToList();
            Batches.Add(texts.Count);
            return Task.FromResult(new GeneratedEmbeddings<Embedding<float>>(texts.Select(t => new Embedding<float>(Always ?? Vector(t)))));
        }

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }

    private sealed class CountingGate : IProviderGate, IProviderTurn
    {
        public int Entered { get; private set; }

        public int DoneCount { get; private set; }

        public int FailedCount { get; private set; }

        public ValueTask<IProviderTurn> EnterAsync(string agent, long tokens, CancellationToken cancel)
        {
            Entered++;
            return new(this);
        }

        public void Done(long? tokens) => DoneCount++;

        public void Failed(ModelException fault) => FailedCount++;

        public void Abandoned()
        {
        }
    }
}
