using FsCheck;

namespace Skep.Testing.Tests;

public sealed class PaceTests
{
    private const string Stream = ",\"stream\":true";

    [Fact]
    public async Task Pieces_come_at_their_pace_on_a_virtual_clock()
    {
        var time = new FakeTime();
        var model = ScriptedModel.Build(s => s.Always().Says("abc").Paced(new Pace { Pieces = 3, First = TimeSpan.FromSeconds(5), Delay = TimeSpan.FromSeconds(2) }), new ScriptedModelOptions { Time = time });
        using var client = Ask.Client(model);
        var asking = client.StreamAsync(Ask.OpenAi(Ask.User("x"), Stream));
        foreach (var seconds in new[] { 5, 2, 2 })
        {
            while (time.Timers == 0) await Task.Yield();
            time.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromTicks(1));
            Assert.False(asking.IsCompleted);
            Assert.Equal(1, time.Timers);
            time.Advance(TimeSpan.FromTicks(1));
        }

        Assert.Null((await asking).Error);
        Assert.Equal(9, time.GetUtcNow().ToUnixTimeSeconds());
    }

    [Fact]
    public async Task An_answer_in_one_body_takes_as_long_as_its_stream_would()
    {
        var time = new FakeTime();
        var model = ScriptedModel.Parse("pace: { pieces: 3, first: 1s, delay: 2s }\nrules: [{answer: abc}]", new ScriptedModelOptions { Time = time });
        using var client = Ask.Client(model);
        var asking = client.TextAsync(Ask.OpenAi(Ask.User("x")));
        while (time.Timers == 0) await Task.Yield();
        time.Advance(TimeSpan.FromSeconds(4.9));
        Assert.False(asking.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal("abc", await asking);
    }

    [Fact]
    public async Task A_drip_is_a_character_at_a_time()
    {
        var time = new FakeTime();
        using var client = Ask.Client(ScriptedModel.Parse("rules: [{answer: a蜂c, pace: { drip: 10ms }}]", new ScriptedModelOptions { Time = time }));
        var asking = client.StreamAsync(Ask.Anthropic(Ask.User("x"), Stream));
        for (var i = 0; i < 2; i++)
        {
            while (time.Timers == 0) await Task.Yield();
            time.Advance(TimeSpan.FromMilliseconds(10));
        }

        var pieces = Ask.Events((await asking).Text).Where(e => e.TryGetProperty("delta", out var d) && d.TryGetProperty("text", out _)).Select(e => e.GetProperty("delta").GetProperty("text").GetString());
        Assert.Equal(["a", "蜂", "c"], pieces);
    }

    [Fact]
    public async Task Waiting_ends_when_the_request_is_given_up()
    {
        var time = new FakeTime();
        var model = ScriptedModel.Build(s => s.Always().Says("abc").Paced(new Pace { First = TimeSpan.FromDays(1) }), new ScriptedModelOptions { Time = time });
        using var client = Ask.Client(model);
        using var leave = new CancellationTokenSource();
        var asking = client.SendAsync(Ask.OpenAi(Ask.User("x"), Stream), leave.Token);
        while (time.Timers == 0) await Task.Yield();
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        Assert.Equal(ExchangeEnd.Abandoned, model.Exchanges.All()[0].End);
    }

    [Fact]
    public async Task Writes_can_be_cut_anywhere_and_join_to_the_same()
    {
        async Task<(byte[] All, int Longest)> Read(int? cut)
        {
            using var client = Ask.Client(ScriptedModel.Build(s => s.Always().Says("bees: 蜂蜂蜂").Paced(new Pace { CutBytes = cut }), new ScriptedModelOptions { Time = new FakeTime() }));
            using var response = await client.SendAsync(Ask.OpenAi(Ask.User("x"), Stream), HttpCompletionOption.ResponseHeadersRead);
            var stream = await response.Content.ReadAsStreamAsync();
            var (all, longest, buffer) = (new List<byte>(), 0, new byte[4096]);
            while (await stream.ReadAsync(buffer) is var count and > 0)
            {
                all.AddRange(buffer[..count]);
                longest = Math.Max(longest, count);
            }

            return ([.. all], longest);
        }

        var (whole, cut) = (await Read(null), await Read(5));
        Assert.Equal(whole.All, cut.All);
        Assert.Equal(5, cut.Longest);
    }

    [Fact]
    public void Texts_are_cut_into_the_pieces_asked_for_and_pairs_stay_together()
    {
        FsCheck.Fluent.Prop.ForAll<string, int>((text, count) =>
        {
            var pieces = Wire.TextPieces.Split(text ?? "", count).ToList();
            var isWhole = string.Concat(pieces) == (text ?? "") && pieces.TrueForAll(p => p.Length > 0) && pieces.Count <= Math.Max(1, count);
            return isWhole && !pieces.Zip(pieces.Skip(1)).Any(p => char.IsHighSurrogate(p.First[^1]) && char.IsLowSurrogate(p.Second[0]));
        }).QuickCheckThrowOnFailure();
        Assert.Equal(["🐝", "🐝"], Wire.TextPieces.Split("🐝🐝", 4));
    }
}
