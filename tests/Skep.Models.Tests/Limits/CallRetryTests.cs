using Skep.Models.Limits;

namespace Skep.Models.Tests.Limits;

public class CallRetryTests
{
    private readonly FakeTime _time = new();
    private readonly List<CallRetryNote> _notes = [];

    private async Task<int> Run(CallRetryOptions options, params ModelException?[] outcomes)
    {
        var tries = 0;
        var pipeline = CallRetry.Create(options, _time, (note, _) =>
        {
            _notes.Add(note);
            return ValueTask.CompletedTask;
        });
        var call = pipeline.ExecuteAsync(_ => outcomes[tries++] is { } fault ? ValueTask.FromException(fault) : ValueTask.CompletedTask).AsTask();
        while (!call.IsCompleted)
        {
            // Between the note and the timer nothing happens but Polly arming it.
            if (_time.Timers > 0) _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        await call;
        return tries;
    }

    private static ModelException Fault(ModelFault fault, double? retryAfter = null) =>
        new(fault, fault.ToString()) { RetryAfter = retryAfter is { } seconds ? TimeSpan.FromSeconds(seconds) : null };

    [Fact]
    public async Task What_is_transient_is_tried_again_and_each_time_is_told()
    {
        var tries = await Run(new(), Fault(ModelFault.ServerError), Fault(ModelFault.StreamDropped), null);
        Assert.Equal(3, tries);
        Assert.Equal([1, 2], _notes.Select(n => n.Failed));
        Assert.Equal([ModelFault.ServerError, ModelFault.StreamDropped], _notes.Select(n => n.Fault.Fault));
        Assert.InRange(_notes[0].Wait.TotalSeconds, 0.5, 1);
        Assert.InRange(_notes[1].Wait.TotalSeconds, 1, 2);
        Assert.True(_time.GetTimestamp() >= _notes.Sum(n => n.Wait.Ticks));
    }

    [Fact]
    public async Task After_the_last_try_the_fault_itself_comes_out()
    {
        var last = Fault(ModelFault.TimedOut);
        var error = await Assert.ThrowsAsync<ModelException>(() => Run(new() { MaxTries = 2 }, Fault(ModelFault.TimedOut), last));
        Assert.Same(last, error);
        Assert.Single(_notes);
    }

    [Theory]
    [InlineData(ModelFault.Unauthorized)]
    [InlineData(ModelFault.BadRequest)]
    [InlineData(ModelFault.Malformed)]
    [InlineData(ModelFault.Filtered)]
    public async Task What_would_fail_again_is_not_tried_again(ModelFault fault)
    {
        var error = await Assert.ThrowsAsync<ModelException>(() => Run(new(), Fault(fault), null));
        Assert.Equal(fault, error.Fault);
        Assert.Empty(_notes);
    }

    [Fact]
    public async Task The_wait_that_a_provider_asks_for_is_kept()
    {
        await Run(new(), Fault(ModelFault.RateLimited, 120), null);
        Assert.InRange(_notes.Single().Wait.TotalSeconds, 120, 126);
    }

    [Fact]
    public async Task A_provider_that_asks_for_days_is_not_waited_for()
    {
        var error = await Assert.ThrowsAsync<ModelException>(() => Run(new(), Fault(ModelFault.RateLimited, 200_000), null));
        Assert.Equal(TimeSpan.FromSeconds(200_000), error.RetryAfter);
    }

    [Fact]
    public async Task One_try_means_no_retry_and_less_is_refused()
    {
        await Assert.ThrowsAsync<ModelException>(() => Run(new() { MaxTries = 1 }, Fault(ModelFault.ServerError), null));
        var error = await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Run(new() { MaxTries = 0 }));
        Assert.Contains("MaxTries", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 0, 1)]
    [InlineData(3, 0, 8)]
    [InlineData(3, 1, 4)]
    [InlineData(20, 0, 30)]
    [InlineData(1000, 0, 30)]
    public void The_wait_doubles_up_to_the_longest_less_jitter(int before, double jitter, double seconds) =>
        Assert.Equal(seconds, CallRetry.Wait(new(), before, null, jitter).TotalSeconds);
}
