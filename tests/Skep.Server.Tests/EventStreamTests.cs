using System.Net.ServerSentEvents;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Skep.Server.Streams;

namespace Skep.Server.Tests;

public sealed class EventStreamTests
{
    private readonly EventStreams _streams = new(maxBytes: 2000);

    [Fact]
    public async Task Who_comes_back_gets_what_it_missed_of_its_stream_and_then_what_follows()
    {
        var writer = await OpenAsync("a");
        var other = await OpenAsync("b");
        var first = await SayAsync(writer, "one");
        await SayAsync(writer, "two");
        await SayAsync(other, "of another stream");
        await using var events = (await _streams.GetStreamReaderAsync(first))!.ReadEventsAsync().GetAsyncEnumerator();
        Assert.True(await events.MoveNextAsync());
        Assert.Equal("two", Method(events.Current));
        var next = events.MoveNextAsync();
        Assert.False(next.IsCompleted);
        var third = await SayAsync(writer, "three");
        Assert.True(await next);
        Assert.Equal(("three", third), (Method(events.Current), events.Current.EventId));
        await writer.DisposeAsync();
        Assert.False(await events.MoveNextAsync());
    }

    [Fact]
    public async Task A_stream_that_is_polled_ends_after_what_is_there()
    {
        var writer = await OpenAsync("a");
        var first = await SayAsync(writer, "one");
        await writer.SetModeAsync(SseEventStreamMode.Polling);
        await SayAsync(writer, "two");
        var read = new List<string>();
        await foreach (var item in (await _streams.GetStreamReaderAsync(first))!.ReadEventsAsync()) read.Add(Method(item));
        Assert.Equal(["two"], read);
    }

    [Fact]
    public async Task What_is_kept_is_bounded_and_a_gap_is_not_hidden()
    {
        var writer = await OpenAsync("a");
        var ids = new List<string>();
        for (var i = 0; i < 100; i++) ids.Add(await SayAsync(writer, $"m{i}"));
        Assert.Null(await _streams.GetStreamReaderAsync(ids[0]));
        await writer.DisposeAsync();
        var read = new List<string>();
        await foreach (var item in (await _streams.GetStreamReaderAsync(ids[97]))!.ReadEventsAsync()) read.Add(Method(item));
        Assert.Equal(["m98", "m99"], read);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("1:other:a")]
    [InlineData("99:s:a")]
    [InlineData("-1:s:a")]
    public async Task An_id_that_was_never_given_leads_nowhere(string id)
    {
        await SayAsync(await OpenAsync("a"), "one");
        Assert.Null(await _streams.GetStreamReaderAsync(id));
    }

    [Fact]
    public async Task Nothing_is_left_of_a_session_that_has_ended()
    {
        var id = await SayAsync(await OpenAsync("a"), "one");
        _streams.Forget("s");
        Assert.Null(await _streams.GetStreamReaderAsync(id));
    }

    private async Task<ISseEventStreamWriter> OpenAsync(string stream) => await _streams.CreateStreamAsync(new SseEventStreamOptions { SessionId = "s", StreamId = stream, Mode = SseEventStreamMode.Streaming });

    private static async Task<string> SayAsync(ISseEventStreamWriter writer, string method) =>
        (await writer.WriteEventAsync(new SseItem<JsonRpcMessage?>(new JsonRpcNotification { Method = method }, "message"))).EventId!;

    private static string Method(SseItem<JsonRpcMessage?> item) => ((JsonRpcNotification)item.Data!).Method;
}
