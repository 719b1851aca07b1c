using System.Net.Http.Headers;

namespace Skep.Testing.Tests;

public sealed class RecordingTests : IDisposable
{
    private const string Key = "sk-live-0123456789abcdef";
    private const string Secret = "pass\"wörd-1";
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"skep-cassette-{Guid.NewGuid():N}.jsonl");

    public void Dispose() => File.Delete(_path);

    private static readonly CassetteOptions Options = new() { Secrets = [Secret], Ignore = ["user"] };

    private async Task Record(ScriptedModel model, Func<HttpClient, Task> talk)
    {
        using var client = new HttpClient(new RecordingHandler(_path, new ScriptedModelHandler(model), Options)) { BaseAddress = new Uri("http://real/") };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Key);
        client.DefaultRequestHeaders.Add("X-Private", "do not keep");
        await talk(client);
    }

    private HttpClient Replay(CassetteOptions? options = null) =>
        new(ReplayHandler.FromFile(_path, options ?? Options)) { BaseAddress = new Uri("http://elsewhere/") };

    [Fact]
    public async Task What_was_recorded_is_replayed_also_streams_and_refusals_in_their_order()
    {
        var model = ScriptedModel.Parse("rules: [{times: 1, fault: {status: 429, retry_after: 3s}}, {answer: 'yes, ${user}'}]");
        var stream = "";
        await Record(model, async client =>
        {
            await client.TextAsync(Ask.OpenAi(Ask.User("a")));
            await client.TextAsync(Ask.OpenAi(Ask.User("a")));
            stream = (await client.StreamAsync(Ask.Anthropic(Ask.User("b"), ",\"stream\":true"))).Text;
        });
        using var replay = Replay();
        using var refused = await replay.SendAsync(Ask.OpenAi(Ask.User("a")));
        Assert.Equal(TimeSpan.FromSeconds(3), refused.Headers.RetryAfter!.Delta);
        Assert.Equal(stream, (await replay.StreamAsync(Ask.Anthropic(Ask.User("b"), ",\"stream\":true"))).Text);
        Assert.Equal("yes, a", await replay.TextAsync(Ask.OpenAi(Ask.User("a"))));
    }

    [Fact]
    public async Task Requests_match_however_their_json_is_spelt()
    {
        await Record(ScriptedModel.Build(s => s.Always().Says("yes")), client => client.TextAsync(Ask.OpenAi(Ask.User("a"), ",\"temperature\":1,\"user\":\"u1\"")));
        using var replay = Replay();
        Assert.Equal("yes", await replay.TextAsync(Ask.Post("v1/chat/completions", """{ "user": "u2", "temperature": 1.0, "messages": [ { "content": "a", "role": "user" } ], "model": "m" }""")));
    }

    [Fact]
    public async Task Keys_and_secrets_never_reach_the_file_and_masked_requests_still_match()
    {
        var model = ScriptedModel.Build(s => s.Always().Says("I was told ${user}"));
        var text = $"the password is {Secret} and the key {Key}";
        await Record(model, client => client.TextAsync(Ask.OpenAi(Ask.User(text))));
        var file = await File.ReadAllTextAsync(_path);
        foreach (var secret in new[] { Key, "0123456789abcdef", Secret, "w\\u00F6rd", "w\\u00f6rd", "wörd", "do not keep", "Bearer" }) Assert.DoesNotContain(secret, file, StringComparison.Ordinal);
        Assert.Contains("the password is ***", file, StringComparison.Ordinal);
        using var replay = Replay();
        Assert.StartsWith("I was told the password is ***", await replay.TextAsync(Ask.OpenAi(Ask.User(text))), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unmatched_request_names_the_nearest_and_what_differs()
    {
        await Record(ScriptedModel.Build(s => s.Always().Says("yes")), async client =>
        {
            await client.TextAsync(Ask.OpenAi(Ask.User("far away"), ",\"temperature\":1,\"seed\":3"));
            await client.TextAsync(Ask.OpenAi(Ask.User("near")));
        });
        using var replay = Replay();
        var error = await Assert.ThrowsAsync<CassetteMismatchException>(() => replay.TextAsync(Ask.OpenAi(Ask.User("nearer"))));
        Assert.Contains("The nearest is exchange 2 of 2", error.Message, StringComparison.Ordinal);
        Assert.Contains("messages[0].content: recorded \"near\", asked \"nearer\"", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_that_comes_once_more_than_recorded_is_an_error_unless_repeating_is_allowed()
    {
        await Record(ScriptedModel.Build(s => s.Always().Says("yes")), client => client.TextAsync(Ask.OpenAi(Ask.User("a"))));
        using var strict = Replay();
        await strict.TextAsync(Ask.OpenAi(Ask.User("a")));
        var error = await Assert.ThrowsAsync<CassetteMismatchException>(() => strict.TextAsync(Ask.OpenAi(Ask.User("a"))));
        Assert.Contains("1 times, and it came once more", error.Message, StringComparison.Ordinal);
        using var lenient = Replay(Options with { RepeatLast = true });
        for (var i = 0; i < 3; i++) Assert.Equal("yes", await lenient.TextAsync(Ask.OpenAi(Ask.User("a"))));
    }

    [Fact]
    public async Task A_connection_that_broke_breaks_again_at_the_same_place()
    {
        var model = ScriptedModel.Build(s => s.Always().Says("abcdefgh").Fails(ScriptedFault.DropAfter(2)));
        var recorded = "";
        await Record(model, async client => recorded = (await client.StreamAsync(Ask.OpenAi(Ask.User("a"), ",\"stream\":true"))).Text);
        using var replay = Replay();
        var (text, error) = await replay.StreamAsync(Ask.OpenAi(Ask.User("a"), ",\"stream\":true"));
        Assert.NotNull(error);
        Assert.Equal(recorded, text);
    }

    [Fact]
    public async Task A_cassette_counts_what_nobody_asked_for()
    {
        await Record(ScriptedModel.Build(s => s.Always().Says("yes")), async client =>
        {
            await client.TextAsync(Ask.OpenAi(Ask.User("a")));
            await client.TextAsync(Ask.OpenAi(Ask.User("b")));
        });
        var handler = ReplayHandler.FromFile(_path);
        using var client = new HttpClient(handler) { BaseAddress = new Uri("http://x/") };
        await client.TextAsync(Ask.OpenAi(Ask.User("b")));
        Assert.Equal(1, handler.Left);
    }

    [Fact]
    public async Task A_line_that_is_no_exchange_is_named()
    {
        await File.WriteAllTextAsync(_path, "\n{\"request\":{\"meth");
        Assert.Contains(":2: this line is no recorded exchange", Assert.Throws<InvalidDataException>(() => Cassette.Load(_path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_secret_that_would_mask_ordinary_text_is_refused() =>
        Assert.Throws<ArgumentException>(() => new ReplayHandler(new Cassette([]), new CassetteOptions { Secrets = ["abc"] }));

    [Fact]
    public async Task A_reader_that_stops_at_the_end_mark_records_a_whole_answer()
    {
        await Record(ScriptedModel.Build(s => s.Always().Says("yes")), async client =>
        {
            using var response = await client.SendAsync(Ask.Anthropic(Ask.User("a"), ",\"stream\":true"), HttpCompletionOption.ResponseHeadersRead);
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
            while (await reader.ReadLineAsync() != "data: {\"type\":\"message_stop\"}")
            {
            }
        });
        Assert.False(Assert.Single(Cassette.Load(_path).Entries).IsBroken);
    }
}
