using System.Globalization;
using System.Net;
using System.Text;
using Skep.Memory.Caching;

namespace Skep.Memory.Tests.Caching;

public sealed class HttpCacheTests : IDisposable
{
    private readonly FakeTime _time = new();
    private readonly Origin _origin = new();
    private readonly HttpClient _client = new();

    public HttpCacheTests() => _time.Advance(TimeSpan.FromDays(1));

    [Fact]
    public async Task What_was_read_is_confirmed_by_its_entity_tag_and_replaced_when_it_has_changed()
    {
        var source = Make();
        (_origin.Version, _origin.Body) = (3, "three");
        Assert.Equal("three", (await source.ReadAsync("a", latest: false, default)).Value.Text());
        Assert.Equal("three", (await source.ReadAsync("a", latest: false, default)).Value.Text());
        Assert.Equal(["200", "304 \"3\""], _origin.Answers);
        (_origin.Version, _origin.Body) = (4, "four");
        var answer = await source.ReadAsync("a", latest: false, default);
        Assert.Equal((4, "four"), (answer.Value.Version, answer.Value.Text()));
        Assert.Equal(3, _origin.Answers.Count);
    }

    [Fact]
    public async Task As_long_as_max_age_allows_nobody_is_asked_but_for_the_latest()
    {
        var source = Make();
        (_origin.Version, _origin.Body, _origin.CacheControl) = (1, "one", "max-age=10");
        await source.ReadAsync("a", latest: false, default);
        _time.Advance(TimeSpan.FromMilliseconds(9_999));
        var held = await source.ReadAsync("a", latest: false, default);
        Assert.Equal(("one", 9_999), (held.Value.Text(), held.Age.TotalMilliseconds));
        Assert.Single(_origin.Answers);
        await source.ReadAsync("a", latest: true, default);
        Assert.Equal("no-cache", _origin.Asked);
        Assert.Equal(2, _origin.Answers.Count);
        _time.Advance(TimeSpan.FromMilliseconds(10_000));
        await source.ReadAsync("a", latest: false, default);
        Assert.Equal(3, _origin.Answers.Count);
    }

    [Fact]
    public async Task The_time_that_an_answer_lay_in_a_cache_on_the_way_counts()
    {
        var source = Make();
        (_origin.Version, _origin.Body, _origin.CacheControl, _origin.Age) = (1, "one", "max-age=10", 7);
        Assert.Equal(7_000, (await source.ReadAsync("a", latest: false, default)).Age.TotalMilliseconds);
        _time.Advance(TimeSpan.FromMilliseconds(3_000));
        await source.ReadAsync("a", latest: false, default);
        Assert.Equal(2, _origin.Answers.Count);
    }

    [Fact]
    public async Task An_absence_has_a_version_too_and_what_has_none_is_refused()
    {
        var source = Make();
        (_origin.Version, _origin.Body) = (5, null);
        var answer = await source.ReadAsync("a", latest: false, default);
        Assert.Equal((true, 5), (answer.Value.IsAbsent, answer.Value.Version));
        foreach (var tag in new[] { null, "\"abc\"", "\"-1\"", "\"99999999999999999999\"" })
        {
            (_origin.Tag, _origin.Body) = (tag ?? "", "x");
            var e = await Assert.ThrowsAsync<CacheException>(() => source.ReadAsync("b", latest: false, default).AsTask());
            Assert.Contains("ETag", e.Message, StringComparison.Ordinal);
        }

        (_origin.Tag, _origin.Body) = ("W/\"6\"", "weak");
        Assert.Equal(6, (await source.ReadAsync("b", latest: false, default)).Value.Version);
    }

    [Fact]
    public async Task Answers_are_bounded_and_what_may_not_be_stored_is_not()
    {
        var source = Make(new HttpCacheOptions { MaxBodyBytes = 1_000, MaxBytes = 20_000 });
        (_origin.Version, _origin.Body) = (1, new string('x', 1_001));
        await Assert.ThrowsAsync<CacheException>(() => source.ReadAsync("a", latest: false, default).AsTask());
        _origin.Chunked = true;
        await Assert.ThrowsAsync<CacheException>(() => source.ReadAsync("a", latest: false, default).AsTask());
        _origin.Body = new string('x', 1_000);
        for (var i = 0; i < 100; i++)
        {
            Assert.Equal(1_000, (await source.ReadAsync($"k{i}", latest: false, default)).Value.Value!.Length);
            Assert.True(source.Bytes <= 20_000);
        }

        Assert.True(source.Bytes > 5_000);
        _origin.CacheControl = "no-store";
        await source.ReadAsync("secret", latest: false, default);
        await source.ReadAsync("secret", latest: false, default);
        Assert.All(_origin.Answers, static a => Assert.Equal("200", a));
    }

    [Fact]
    public async Task A_server_that_fails_is_named_with_its_status()
    {
        var source = Make();
        _origin.Status = 503;
        var e = await Assert.ThrowsAsync<HttpRequestException>(() => source.ReadAsync("a", latest: false, default).AsTask());
        Assert.Equal(HttpStatusCode.ServiceUnavailable, e.StatusCode);
    }

    [Fact]
    public async Task In_front_of_a_source_an_older_answer_of_a_cache_on_the_way_is_not_served_after_a_write()
    {
        var truth = new Truth();
        await using var cache = new LayeredCache<byte[]>(truth, new BytesCodec(), _time, web: Make());
        (_origin.Version, _origin.Body, _origin.CacheControl) = (1, "one", "max-age=60");
        truth.Set("a", "one");
        Assert.Equal("one", (await cache.GetAsync("a")).Text());
        Assert.Equal((1, 0), (cache.Stats.WebHits, truth.Reads));
        await cache.WriteAsync("a", _ => ValueTask.FromResult(truth.Set("a", "two")));
        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal("two", (await cache.GetAsync("a")).Text());
        Assert.Equal((1, 1), (cache.Stats.WebMisses, truth.Reads));
        _origin.Status = 500;
        Assert.True((await cache.GetAsync("b")).IsAbsent);
    }

    public void Dispose()
    {
        _client.Dispose();
        _origin.Dispose();
    }

    private HttpCacheSource<byte[]> Make(HttpCacheOptions? options = null) => new(_client, key => new Uri(_origin.Address, key), new BytesCodec(), _time, options);

    /// <summary>A server on loopback that has one value, whatever it is asked for.</summary>
    private sealed class Origin : IDisposable
    {
        private readonly HttpListener _listener = new();
        private readonly Task _serving;

        public Origin()
        {
            Address = new Uri($"http://127.0.0.1:{RedisServer.FreePort()}/");
            _listener.Prefixes.Add(Address.ToString());
            _listener.Start();
            _serving = ServeAsync();
        }

        public Uri Address { get; }

        public long Version { get; set; }

        public string? Tag { get; set; }

        public string? Body { get; set; }

        public string? CacheControl { get; set; }

        public int? Age { get; set; }

        public int? Status { get; set; }

        public bool Chunked { get; set; }

        public string? Asked { get; private set; }

        public List<string> Answers { get; } = [];

        public void Dispose()
        {
            _listener.Close();
            _serving.GetAwaiter().GetResult();
        }

        private async Task ServeAsync()
        {
            try
            {
                while (true) await AnswerAsync(await _listener.GetContextAsync());
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                // The test is over.
            }
        }

        private async Task AnswerAsync(HttpListenerContext context)
        {
            var (request, response) = (context.Request, context.Response);
            var tag = Tag ?? $"\"{Version.ToString(CultureInfo.InvariantCulture)}\"";
            Asked = request.Headers["Cache-Control"];
            if (tag.Length > 0) response.Headers["ETag"] = tag;
            if (CacheControl is not null) response.Headers["Cache-Control"] = CacheControl;
            if (Age is { } age) response.Headers["Age"] = $"{age}";
            var same = request.Headers["If-None-Match"] == tag;
            response.StatusCode = Status ?? (same ? 304 : Body is null ? 404 : 200);
            Answers.Add(same ? $"304 {tag}" : $"{response.StatusCode}");
            if (response.StatusCode == 200)
            {
                var bytes = Encoding.UTF8.GetBytes(Body!);
                if (Chunked) response.SendChunked = true;
                else response.ContentLength64 = bytes.Length;
                try
                {
                    await response.OutputStream.WriteAsync(bytes);
                }
                catch (HttpListenerException)
                {
                    // The reader has had enough.
                }
            }

            response.Close();
        }
    }
}
