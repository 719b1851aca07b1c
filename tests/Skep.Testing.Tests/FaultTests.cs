using System.Net;
using System.Text.Json;

namespace Skep.Testing.Tests;

/// <summary>Every fault, over both hosts: what a client sees is the same.</summary>
public sealed class FaultTests
{
    private const string Stream = ",\"stream\":true";

    public static TheoryData<bool> Hosts => new(true, false);

    private static ScriptedModel Failing(ScriptedFault fault, Pace? pace = null) =>
        ScriptedModel.Build(s => s.Always().Says("abcdefgh").Fails(fault).Paced(pace ?? new Pace { Pieces = 4 }));

    private static async Task With(ScriptedModel model, bool overSocket, Func<HttpClient, Task> test)
    {
        if (!overSocket)
        {
            using var inProcess = Ask.Client(model);
            await test(inProcess);
            return;
        }

        await using var server = await ScriptedModelServer.StartAsync(model);
        using var client = Ask.Client(server);
        await test(client);
    }

    private static string Said(string stream) => string.Concat(Ask.Events(stream)
        .Where(e => e.TryGetProperty("choices", out var c) && c.GetArrayLength() > 0 && c[0].GetProperty("delta").TryGetProperty("content", out _))
        .Select(e => e.GetProperty("choices")[0].GetProperty("delta").GetProperty("content").GetString()));

    [Theory, MemberData(nameof(Hosts))]
    public Task A_reset_after_two_pieces_leaves_two_pieces(bool overSocket) => With(Failing(ScriptedFault.DropAfter(2)), overSocket, async client =>
    {
        var (text, error) = await client.StreamAsync(Ask.OpenAi(Ask.User("x"), Stream));
        Assert.NotNull(error);
        Assert.Equal("abcd", Said(text));
        Assert.DoesNotContain("[DONE]", text, StringComparison.Ordinal);
    });

    [Theory, MemberData(nameof(Hosts))]
    public Task A_close_after_two_pieces_is_an_answer_that_ended_too_early(bool overSocket) => With(Failing(ScriptedFault.DropAfter(2, DropStyle.Close)), overSocket, async client =>
    {
        var (text, error) = await client.StreamAsync(Ask.OpenAi(Ask.User("x"), Stream));
        Assert.Equal(HttpRequestError.ResponseEnded, Assert.IsType<HttpIOException>(error).HttpRequestError);
        Assert.Equal("abcd", Said(text));
    });

    [Theory, MemberData(nameof(Hosts))]
    public Task A_drop_in_a_frame_leaves_half_of_it(bool overSocket) => With(Failing(ScriptedFault.DropInFrame(1, DropStyle.Close)), overSocket, async client =>
    {
        var (text, error) = await client.StreamAsync(Ask.OpenAi(Ask.User("x"), Stream));
        Assert.NotNull(error);
        var last = text.Split("\n\n")[^1];
        Assert.StartsWith("data: {", last, StringComparison.Ordinal);
        Assert.ThrowsAny<JsonException>(() => JsonDocument.Parse(last[6..]));
    });

    [Theory, MemberData(nameof(Hosts))]
    public Task A_drop_before_headers_gives_no_answer(bool overSocket) => With(Failing(ScriptedFault.DropBeforeHeaders), overSocket, async client =>
    {
        await Assert.ThrowsAsync<HttpRequestException>(() => client.SendAsync(Ask.OpenAi(Ask.User("x"), Stream)));
    });

    [Theory, MemberData(nameof(Hosts))]
    public Task An_answer_that_ends_early_lacks_its_end_mark_and_nothing_else(bool overSocket) => With(Failing(ScriptedFault.EndAfter(3)), overSocket, async client =>
    {
        var (text, error) = await client.StreamAsync(Ask.OpenAi(Ask.User("x"), Stream));
        Assert.Null(error);
        Assert.Equal("abcdef", Said(text));
        Assert.DoesNotContain("[DONE]", text, StringComparison.Ordinal);
        Assert.DoesNotContain("\"stop\"", text, StringComparison.Ordinal);
    });

    [Theory, MemberData(nameof(Hosts))]
    public Task A_malformed_frame_stands_between_good_ones(bool overSocket) => With(Failing(ScriptedFault.Malformed(1)), overSocket, async client =>
    {
        var (text, error) = await client.StreamAsync(Ask.OpenAi(Ask.User("x"), Stream));
        Assert.Null(error);
        Assert.ThrowsAny<JsonException>(() => Ask.Events(text));
        Assert.Contains("[DONE]", text, StringComparison.Ordinal);
        var whole = await (await client.SendAsync(Ask.OpenAi(Ask.User("x")))).Content.ReadAsStringAsync();
        Assert.ThrowsAny<JsonException>(() => JsonDocument.Parse(whole));
    });

    [Theory, MemberData(nameof(Hosts))]
    public Task Wrong_json_is_json_without_meaning(bool overSocket) => With(Failing(ScriptedFault.WrongJson(1)), overSocket, async client =>
    {
        var (text, _) = await client.StreamAsync(Ask.OpenAi(Ask.User("x"), Stream));
        Assert.Contains(Ask.Events(text), e => e.TryGetProperty("surprise", out _));
        Assert.True((await client.JsonAsync(Ask.OpenAi(Ask.User("x")))).Json.TryGetProperty("surprise", out _));
    });

    [Theory, MemberData(nameof(Hosts))]
    public Task An_error_can_stand_in_a_stream_that_began_well(bool overSocket) => With(Failing(ScriptedFault.ErrorInStream(2)), overSocket, async client =>
    {
        var (text, _) = await client.StreamAsync(Ask.OpenAi(Ask.User("x"), Stream));
        Assert.Equal("server_error", Ask.Events(text)[^1].GetProperty("error").GetProperty("type").GetString());
        var (other, _) = await client.StreamAsync(Ask.Anthropic(Ask.User("x"), Stream));
        Assert.Contains("event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\"", other, StringComparison.Ordinal);
    });

    [Theory, MemberData(nameof(Hosts))]
    public Task An_answer_can_hide_what_it_used(bool overSocket) => With(Failing(ScriptedFault.NoUsage), overSocket, async client =>
    {
        var (text, error) = await client.StreamAsync(Ask.Anthropic(Ask.User("x"), Stream));
        Assert.Null(error);
        Assert.DoesNotContain("usage", text, StringComparison.Ordinal);
        Assert.False((await client.JsonAsync(Ask.OpenAi(Ask.User("x")))).Json.TryGetProperty("usage", out _));
    });

    [Fact]
    public async Task Calls_can_share_an_id()
    {
        using var client = Ask.Client(ScriptedModel.Build(s => s.Always().Calls("search").Calls("read").Fails(ScriptedFault.DuplicateCallIds)));
        var (_, json) = await client.JsonAsync(Ask.Anthropic(Ask.User("x"), $",\"tools\":{Ask.AnthropicTools}"));
        Assert.Equal(json.GetProperty("content")[0].GetProperty("id").GetString(), json.GetProperty("content")[1].GetProperty("id").GetString());
    }

    [Theory, MemberData(nameof(Hosts))]
    public async Task An_endless_stream_ends_when_the_client_leaves(bool overSocket)
    {
        var model = Failing(ScriptedFault.Endless(1));
        await With(model, overSocket, async client =>
        {
            using var response = await client.SendAsync(Ask.OpenAi(Ask.User("x"), Stream), HttpCompletionOption.ResponseHeadersRead);
            var stream = await response.Content.ReadAsStreamAsync();
            var buffer = new byte[1 << 16];
            for (var read = 0; read < 1 << 20;) read += await stream.ReadAsync(buffer);
        });
        Assert.Equal(ExchangeEnd.Abandoned, Assert.Single(model.Exchanges.All()).End);
    }

    [Theory, MemberData(nameof(Hosts))]
    public async Task A_model_that_never_answers_waits_until_the_client_leaves(bool overSocket)
    {
        var model = Failing(ScriptedFault.NeverAnswers);
        await With(model, overSocket, async client =>
        {
            using var leave = new CancellationTokenSource();
            var asking = client.SendAsync(Ask.OpenAi(Ask.User("x"), Stream), leave.Token);
            while (model.Exchanges.Total == 0) await Task.Yield();
            Assert.False(asking.IsCompleted);
            await leave.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
            while (model.Exchanges.All()[0].End == ExchangeEnd.Open && overSocket) await Task.Yield();
        });
        Assert.Equal(ExchangeOutcome.Faulted, model.Exchanges.All()[0].Outcome);
    }

    [Theory, MemberData(nameof(Hosts))]
    public Task A_stalled_stream_brings_its_pieces_and_no_more(bool overSocket) => With(Failing(ScriptedFault.StallAfter(2)), overSocket, async client =>
    {
        using var response = await client.SendAsync(Ask.OpenAi(Ask.User("x"), Stream), HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        var said = "";
        while (said != "abcd") said += Said(await reader.ReadLineAsync() ?? throw new EndOfStreamException());
        Assert.Equal("", await reader.ReadLineAsync());
        using var leave = new CancellationTokenSource();
        var more = reader.ReadLineAsync(leave.Token).AsTask();
        Assert.False(more.IsCompleted);
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => more);
    });

    [Theory]
    [InlineData(429, "rate_limit_error")]
    [InlineData(529, "overloaded_error")]
    [InlineData(500, "api_error")]
    [InlineData(401, "authentication_error")]
    [InlineData(403, "permission_error")]
    [InlineData(404, "not_found_error")]
    public async Task A_status_has_the_error_of_its_wire(int status, string type)
    {
        using var client = Ask.Client(Failing(ScriptedFault.Status(status)));
        var (actual, json) = await client.JsonAsync(Ask.Anthropic(Ask.User("x")));
        Assert.Equal(status, actual);
        Assert.Equal(type, json.GetProperty("error").GetProperty("type").GetString());
        var (openAi, error) = await client.JsonAsync(Ask.OpenAi(Ask.User("x")));
        Assert.Equal(status, openAi);
        Assert.NotEmpty(error.GetProperty("error").GetProperty("message").GetString()!);
    }

    [Theory, MemberData(nameof(Hosts))]
    public Task A_status_can_bring_a_body_headers_and_the_time_to_come_again(bool overSocket) => With(
        ScriptedModel.Parse("rules: [{fault: {status: 429, retry_after: 1500ms, body: slow down, headers: {x-should-retry: 'true'}}}]"), overSocket, async client =>
        {
            using var response = await client.SendAsync(Ask.OpenAi(Ask.User("x")));
            Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
            Assert.Equal(TimeSpan.FromSeconds(2), response.Headers.RetryAfter!.Delta);
            Assert.Equal("1500", Assert.Single(response.Headers.GetValues("retry-after-ms")));
            Assert.Equal("true", Assert.Single(response.Headers.GetValues("x-should-retry")));
            Assert.Equal("slow down", await response.Content.ReadAsStringAsync());
        });

    [Fact]
    public async Task A_conversation_can_be_said_to_be_too_long_or_be_it()
    {
        using var said = Ask.Client(Failing(ScriptedFault.ContextTooLong));
        Assert.Equal("context_length_exceeded", (await said.JsonAsync(Ask.OpenAi(Ask.User("x")))).Json.GetProperty("error").GetProperty("code").GetString());
        using var limited = Ask.Client(ScriptedModel.Parse("limits: { context_tokens: 20 }\nrules: [{answer: x}]"));
        Assert.Equal("400: prompt is too long: 29 tokens > 20 maximum", await limited.TextAsync(Ask.Anthropic(Ask.User(new string('a', 100)))));
        Assert.Equal("x", await limited.TextAsync(Ask.Anthropic(Ask.User("short"))));
        Assert.StartsWith("400: This model's maximum context length is 20", await limited.TextAsync(Ask.OpenAi(Ask.User("short"), ",\"max_tokens\":50")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_fault_has_a_word_in_scripts()
    {
        foreach (var fault in new[] { "rate_limited", "overloaded", "server_error", "unauthorized", "forbidden", "not_found", "context_too_long", "drop", "never", "endless", "malformed", "wrong_json", "error", "no_usage", "duplicate_ids", "unknown_tool", "{drop: 1, how: close}", "{drop: before_headers}", "{drop_in_frame: 1}", "{end: 1}", "{stall: 1}", "{malformed: 1}", "{wrong_json: 1}", "{error: 1}", "{endless: 1}" })
        {
            var script = Script.Parse($"rules: [{{answer: x, fault: {fault}}}]");
            Assert.NotNull(script.Rules[0].Fault);
        }

        Assert.Equal(DropStyle.Close, Script.Parse("rules: [{answer: x, fault: {drop: 1, how: close}}]").Rules[0].Fault!.Style);
        using var client = Ask.Client(ScriptedModel.Parse("rules: [{fault: server_error}]"));
        Assert.StartsWith("500", await client.TextAsync(Ask.OpenAi(Ask.User("x"))), StringComparison.Ordinal);
    }
}
