using Skep.Plans;

namespace Skep.Orchestration.Tests.Execution;

public sealed class HumanExecutorTests : IDisposable
{
    private readonly Workplace _place = new();
    private readonly HumanExecutor _executor = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public async Task A_question_waits_with_heartbeats_until_it_is_cancelled()
    {
        var time = new FakeTime();
        var context = new RecordingContext { Time = time };
        using var cancel = new CancellationTokenSource();
        var asking = _executor.ExecuteAsync(_place.Request() with { Prompt = "Ship it?\nThink well." }, context, cancel.Token);

        time.Advance(TimeSpan.FromSeconds(20));

        Assert.False(asking.IsCompleted);
        Assert.Equal(3, context.Heartbeats);
        Assert.Equal(["waiting for an answer: Ship it?"], context.Lines);
        await cancel.CancelAsync();
        Assert.Equal(AttemptOutcome.Cancelled, (await asking).Outcome);
        time.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal(3, context.Heartbeats);
    }

    [Fact]
    public async Task A_question_without_words_is_refused()
    {
        var result = await _executor.ExecuteAsync(_place.Request() with { Prompt = " " }, _place.Context, default);

        Assert.Equal((AttemptOutcome.Failed, false), (result.Outcome, result.Retryable));
        Assert.Contains("give it a 'prompt'", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_question_outlives_the_process() => Assert.Equal((true, ExecutorKinds.Human), (_executor.SurvivesRestart, _executor.Kind));
}
