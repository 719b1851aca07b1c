using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Skep.Orchestration.Output;

namespace Skep.Orchestration.Tests.Execution;

public sealed class OutputTests
{
    [Fact]
    public void Bytes_that_are_no_text_are_replaced_and_characters_survive_being_cut()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), ArbMap.Default.ArbFor<string>(), ArbMap.Default.ArbFor<PositiveInt>(), (noise, text, size) =>
        {
            byte[] all = [.. noise ?? [], .. Encoding.UTF8.GetBytes(text ?? ""), .. "aé🐝€"u8];
            var repair = new Utf8Repair();
            var output = new List<byte>();
            for (var at = 0; at < all.Length; at += size.Get)
                repair.Write(all.AsSpan(at, Math.Min(size.Get, all.Length - at)), t => output.AddRange(t));
            repair.Flush(t => output.AddRange(t));
            return Encoding.UTF8.GetString(output.ToArray()) == Encoding.UTF8.GetString(all);
        }).Check(Config.QuickThrowOnFailure.WithReplay(20_261, 1_977));
    }

    [Fact]
    public void The_tail_keeps_the_last_characters()
    {
        var tail = new OutputTail();
        var text = new StringBuilder();
        for (var i = 0; i < 3000; i++)
        {
            var piece = $"line {i} äöü🐝\n";
            text.Append(piece);
            tail.Append(Encoding.UTF8.GetBytes(piece));
        }

        var kept = tail.Text();

        Assert.InRange(kept.Length, AttemptResult.MaxLogTail - 1, AttemptResult.MaxLogTail);
        Assert.EndsWith(kept, text.ToString(), StringComparison.Ordinal);
        Assert.True(tail.Bytes.Length <= OutputTail.Capacity);
    }

    [Theory]
    [InlineData("one\ntwo\n", "two")]
    [InlineData("one\n10%\r20%\r", "20%")]
    [InlineData("one\n \n\n", "one")]
    [InlineData("a\u0007b", "ab")]
    [InlineData("", "")]
    public void The_last_line_is_the_last_with_something_on_it(string text, string expected)
    {
        var tail = new OutputTail();
        tail.Append(Encoding.UTF8.GetBytes(text));

        Assert.Equal(expected, tail.LastLine());
    }

    [Fact]
    public void A_long_last_line_is_cut()
    {
        var tail = new OutputTail();
        tail.Append(Encoding.UTF8.GetBytes(new string('x', 5000)));

        Assert.Equal(OutputTail.MaxProgressLine, tail.LastLine().Length);
    }

    [Fact]
    public void Progress_is_reported_at_most_ten_times_a_second_and_never_misses_the_end()
    {
        var time = new FakeTime();
        var reports = new List<TimeSpan>();
        using var throttle = new ProgressThrottle(time, () => reports.Add(TimeSpan.FromTicks(time.GetTimestamp())));

        for (var i = 0; i < 250; i++)
        {
            throttle.Poke();
            time.Advance(TimeSpan.FromMilliseconds(1));
        }

        time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal([0, 100, 200, 300], reports.Select(r => r.TotalMilliseconds));
    }

    [Fact]
    public void Closed_progress_reports_nothing_more()
    {
        var time = new FakeTime();
        var reports = 0;
        var throttle = new ProgressThrottle(time, () => reports++);
        throttle.Poke();
        throttle.Poke();

        throttle.Dispose();
        throttle.Poke();
        time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(1, reports);
    }

    [Theory]
    [InlineData("build", "build")]
    [InlineData("a.b-c_1", "a.b-c_1")]
    public void Safe_identifiers_are_file_names_as_they_are(string id, string expected) => Assert.Equal(expected, SafeFileName.Of(id));

    [Fact]
    public void Unsafe_identifiers_become_safe_and_stay_different()
    {
        string[] ids = ["t[1]", "t[2]", "t_1_", "../x", "..", "", "a/b", "a:b", new string('n', 300), "Grüße"];

        var names = ids.Select(SafeFileName.Of).ToList();

        Assert.Equal(ids.Length, names.Distinct().Count());
        Assert.All(names, n => Assert.Matches(@"^[A-Za-z0-9_-][A-Za-z0-9._-]{0,119}$", n));
    }

    [Fact]
    public void A_log_that_cannot_be_written_is_reported_in_the_tail()
    {
        using var place = new Workplace();
        File.WriteAllText(Path.Combine(place.Run, "logs"), "in the way");
        var log = new AttemptLog(place.Request(), place.Context, SecretMasker.None);

        log.Write("work goes on"u8);

        Assert.Matches(@"^work goes on\n\[skep: the log '.*' could not be written: .*\]\n$", log.Finish());
        Assert.Null(log.RelativePath);
    }
}
