using Skep.Models.Limits;

namespace Skep.Models.Tests.Limits;

public class ProviderGateTests
{
    private readonly FakeTime _time = new();

    private ProviderGate Make(GateLimits limits, int maxWaiting = 100) =>
        new("acme", new GateOptions { Limits = limits, MaxWaiting = maxWaiting, Breaker = new() { MinimumCalls = 3, Break = TimeSpan.FromSeconds(10) } }, _time);

    private static Task<IProviderTurn> Enter(ProviderGate gate, string agent = "a", CancellationToken cancel = default) => gate.EnterAsync(agent, 100, cancel).AsTask();

    private static ModelException Fault(ModelFault fault, double? retryAfter = null) =>
        new(fault, "It failed.") { RetryAfter = retryAfter is { } seconds ? TimeSpan.FromSeconds(seconds) : null };

    private void Pass(double seconds) => _time.Advance(TimeSpan.FromSeconds(seconds));

    [Fact]
    public async Task Calls_within_the_limits_do_not_wait()
    {
        using var gate = Make(new(RequestsPerMinute: 2));
        var first = Enter(gate);
        Assert.True(first.IsCompletedSuccessfully);
        (await first).Done(5);
        Assert.Equal(0, gate.Status.InFlight);
    }

    [Fact]
    public void A_thousand_waiting_calls_share_one_timer()
    {
        using var gate = Make(new(RequestsPerMinute: 1), maxWaiting: 1000);
        var calls = Enumerable.Range(0, 1001).Select(i => Enter(gate, $"agent-{i}")).ToList();
        Assert.Equal(1, _time.Timers);
        Assert.Equal(1000, gate.Status.Waiting);
        Pass(60.9);
        Assert.Equal(1, calls.Count(c => c.IsCompleted));
        Pass(0.2);
        Assert.Equal(2, calls.Count(c => c.IsCompleted));
    }

    [Fact]
    public async Task One_more_than_may_wait_is_refused_with_a_clear_error()
    {
        using var gate = Make(new(MaxInFlight: 1), maxWaiting: 1);
        var first = await Enter(gate);
        var second = Enter(gate);
        var error = await Assert.ThrowsAsync<ModelException>(() => Enter(gate));
        Assert.Equal(ModelFault.RateLimited, error.Fault);
        Assert.Contains("1 calls wait for a turn at provider 'acme' already", error.Message, StringComparison.Ordinal);
        Assert.Contains("MaxWaiting", error.Message, StringComparison.Ordinal);
        first.Done(null);
        Assert.True(second.IsCompleted);
    }

    [Fact]
    public async Task A_cancelled_call_frees_its_place_and_the_next_one_is_not_held_up()
    {
        using var gate = Make(new(MaxInFlight: 1));
        using var giveUp = new CancellationTokenSource();
        var first = await Enter(gate);
        var cancelled = Enter(gate, cancel: giveUp.Token);
        var next = Enter(gate);
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        Assert.Equal(1, gate.Status.Waiting);
        first.Done(1);
        Assert.True(next.IsCompletedSuccessfully);
        Assert.True(Enter(gate, cancel: giveUp.Token).IsCanceled);
    }

    [Fact]
    public async Task A_turn_is_settled_once_whatever_is_called_after()
    {
        using var gate = Make(new(MaxInFlight: 2));
        var turn = await Enter(gate);
        turn.Done(1);
        turn.Done(1);
        turn.Abandoned();
        turn.Failed(Fault(ModelFault.RateLimited, 60));
        turn.Answering();
        Assert.Equal(0, gate.Status.InFlight);
        Assert.True(Enter(gate).IsCompletedSuccessfully);
    }

    [Theory]
    [InlineData(ModelFault.RateLimited)]
    [InlineData(ModelFault.Overloaded)]
    public async Task A_refusal_holds_every_agent_back_for_as_long_as_the_provider_asks(ModelFault fault)
    {
        using var gate = Make(new());
        (await Enter(gate, "a")).Failed(Fault(fault, 30));
        var waiting = new[] { Enter(gate, "a"), Enter(gate, "b"), Enter(gate, "c") };
        Assert.Equal(TimeSpan.FromSeconds(30), gate.Status.HeldFor);
        Pass(29.9);
        Assert.DoesNotContain(waiting, w => w.IsCompleted);
        Pass(0.1);
        Assert.Equal(1, waiting.Count(w => w.IsCompleted));
        (await waiting.First(w => w.IsCompleted)).Answering();
        Assert.All(waiting, w => Assert.True(w.IsCompletedSuccessfully));
    }

    [Fact]
    public async Task An_overloaded_provider_holds_everybody_back_once_and_teaches_no_rate()
    {
        using var gate = Make(new());
        for (var i = 0; i < 10; i++) (await Enter(gate)).Done(1);
        (await Enter(gate)).Failed(Fault(ModelFault.Overloaded, retryAfter: 1));
        var probe = Enter(gate);
        Assert.False(probe.IsCompleted);
        Pass(1.1);
        (await probe).Done(1);
        Assert.Null(gate.Status.PacedAt);
        Assert.True(Enter(gate).IsCompletedSuccessfully);
    }

    [Fact]
    public async Task The_circuit_opens_after_failures_and_says_when_it_is_tried_again()
    {
        using var gate = Make(new(MaxInFlight: 4));
        // Four go, and two more when the first two have failed.
        var turns = Enumerable.Range(0, 6).Select(_ => Enter(gate)).ToList();
        var waiting = Enter(gate);
        foreach (var (turn, fault) in turns.Zip([ModelFault.ServerError, ModelFault.StreamDropped, ModelFault.TimedOut])) (await turn).Failed(Fault(fault));

        var error = await Assert.ThrowsAsync<ModelException>(() => waiting);
        Assert.Equal(ModelFault.CircuitOpen, error.Fault);
        Assert.Equal(TimeSpan.FromSeconds(10), error.RetryAfter);
        Pass(4);
        error = await Assert.ThrowsAsync<ModelException>(() => Enter(gate));
        Assert.Equal(TimeSpan.FromSeconds(6), error.RetryAfter);
        Assert.Contains("'acme' failed too often just now", error.Message, StringComparison.Ordinal);
        Assert.Contains("tried again in 6 s", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_open_circuit_is_probed_by_one_call_and_closes_when_it_works()
    {
        using var gate = Make(new());
        await Break(gate);
        Pass(10);
        var probe = await Enter(gate);
        var others = new[] { Enter(gate, "b"), Enter(gate, "c") };
        Assert.DoesNotContain(others, o => o.IsCompleted);
        probe.Done(1);
        Assert.All(others, o => Assert.True(o.IsCompletedSuccessfully));
        Assert.Null(gate.Status.CircuitOpenFor);
    }

    [Fact]
    public async Task A_failed_probe_opens_the_circuit_for_twice_as_long()
    {
        using var gate = Make(new());
        await Break(gate);
        Pass(10);
        (await Enter(gate)).Failed(Fault(ModelFault.Unreachable));
        Assert.Equal(TimeSpan.FromSeconds(20), gate.Status.CircuitOpenFor);
        Pass(20);
        (await Enter(gate)).Failed(Fault(ModelFault.Unreachable));
        Assert.Equal(TimeSpan.FromSeconds(40), gate.Status.CircuitOpenFor);
    }

    [Fact]
    public async Task A_probe_that_is_given_up_leaves_the_next_one_to_find_out()
    {
        using var gate = Make(new());
        await Break(gate);
        Pass(10);
        var probe = await Enter(gate);
        var next = Enter(gate);
        probe.Abandoned();
        Assert.True(next.IsCompletedSuccessfully);
        Assert.False(Enter(gate).IsCompleted);
    }

    [Theory]
    [InlineData(ModelFault.BadRequest)]
    [InlineData(ModelFault.Unauthorized)]
    [InlineData(ModelFault.NotFound)]
    [InlineData(ModelFault.ContextTooLong)]
    [InlineData(ModelFault.Filtered)]
    public async Task Requests_that_are_at_fault_themselves_do_not_open_the_circuit(ModelFault fault)
    {
        using var gate = Make(new());
        for (var i = 0; i < 20; i++) (await Enter(gate)).Failed(Fault(fault));
        Assert.Null(gate.Status.CircuitOpenFor);
        Assert.True(Enter(gate).IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Mostly_working_is_good_enough()
    {
        using var gate = Make(new());
        for (var i = 0; i < 40; i++)
        {
            var turn = await Enter(gate);
            if (i % 3 == 2) turn.Failed(Fault(ModelFault.ServerError));
            else turn.Done(1);
        }

        Assert.Null(gate.Status.CircuitOpenFor);
    }

    [Fact]
    public async Task A_limit_learned_from_headers_lets_waiting_calls_go_or_wait()
    {
        using var gate = Make(new());
        gate.Learn(new RateHint(1), default);
        Assert.Equal(1, gate.Status.RequestsPerMinute);
        await Enter(gate);
        var waiting = Enter(gate);
        Assert.False(waiting.IsCompleted);
        gate.Learn(new RateHint(2), default);
        Assert.True(waiting.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task A_closed_gate_ends_what_waits()
    {
        var gate = Make(new(MaxInFlight: 1));
        var turn = await Enter(gate);
        var waiting = Enter(gate);
        gate.Dispose();
        gate.Dispose();
        turn.Done(1);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => Enter(gate));
        Assert.Equal(0, _time.Timers);
    }

    [Theory]
    [InlineData(0, null, null, "RequestsPerMinute must be 1 to 100000")]
    [InlineData(100_001, null, null, "RequestsPerMinute must be 1 to 100000")]
    [InlineData(null, 0L, null, "TokensPerMinute must be at least 1")]
    [InlineData(null, null, 0, "MaxInFlight must be at least 1")]
    public void Limits_that_cannot_be_kept_are_refused_by_name(int? requests, long? tokens, int? inFlight, string message)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => Make(new(requests, tokens, inFlight)));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_threads_at_once_lose_no_turn_and_no_limit()
    {
        using var gate = Make(new(MaxInFlight: 3), maxWaiting: 1000);
        var (inside, most, served) = (0, 0, 0);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(async () =>
        {
            for (var i = 0; i < 500; i++)
            {
                using var giveUp = new CancellationTokenSource();
                var asked = Enter(gate, $"agent-{worker}", giveUp.Token);
                if (i % 7 == 0) await giveUp.CancelAsync();
                try
                {
                    var turn = await asked;
                    var now = Interlocked.Increment(ref inside);
                    InterlockedMax(ref most, now);
                    await Task.Yield();
                    Interlocked.Decrement(ref inside);
                    if (i % 5 == 0) turn.Abandoned();
                    else turn.Done(1);
                    Interlocked.Increment(ref served);
                }
                catch (OperationCanceledException)
                {
                    Assert.Equal(0, i % 7);
                }
            }
        })));

        Assert.InRange(most, 1, 3);
        Assert.InRange(served, 8 * 500 * 6 / 7 - 8, 4000);
        Assert.Equal((0, 0), (gate.Status.Waiting, gate.Status.InFlight));
    }

    private static void InterlockedMax(ref int most, int value)
    {
        for (var seen = Volatile.Read(ref most); seen < value; seen = Volatile.Read(ref most)) Interlocked.CompareExchange(ref most, value, seen);
    }

    private static async Task Break(ProviderGate gate)
    {
        for (var i = 0; i < 3; i++) (await Enter(gate)).Failed(Fault(ModelFault.ServerError));
        Assert.NotNull(gate.Status.CircuitOpenFor);
    }
}
