using Microsoft.Extensions.DependencyInjection;
using Skep.Plans;

namespace Skep.Orchestration.Tests.Execution;

public sealed class DotNetExecutorTests : IDisposable
{
    private static readonly CancellationToken Never = CancellationToken.None;

    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public async Task An_agent_gets_the_attempt_and_gives_outputs()
    {
        await using var services = Services(s => s.AddSkepAgent<Greeter>("greeter").AddScoped<Scoped>());

        var result = await Execute(services, "greeter", with: new Dictionary<string, PlanValue> { ["name"] = PlanValue.Of("Ada") });

        Assert.Equal(AttemptOutcome.Succeeded, result.Outcome);
        Assert.Equal("hello Ada", result.Outputs["greeting"]);
        Assert.Equal("greeted\n", result.LogTail);
        Assert.True(Scoped.Last!.Disposed);
        Assert.True(_place.Context.Heartbeats >= 1);
    }

    [Fact]
    public async Task Failures_say_whether_another_attempt_may_help_and_keep_details_in_the_log()
    {
        _place.Host["TOKEN"] = "s3cr3t";
        var plain = await Execute(_ => throw new InvalidOperationException("no luck with s3cr3t"));
        var final = await Execute(_ => throw new AgentException("hopeless", retryable: false));

        Assert.Equal((AttemptOutcome.Failed, "no luck with ***", true), (plain.Outcome, plain.Error, plain.Retryable));
        Assert.Contains("System.InvalidOperationException: no luck with ***", plain.LogTail, StringComparison.Ordinal);
        Assert.Equal((AttemptOutcome.Failed, "hopeless", false), (final.Outcome, final.Error, final.Retryable));
    }

    [Fact]
    public async Task Secrets_are_masked_in_outputs_and_progress()
    {
        _place.Host["TOKEN"] = "s3cr3t";
        var result = await Execute(c =>
        {
            c.Attempt.Progress("using s3cr3t");
            return Task.FromResult(new AgentResult(new Dictionary<string, string> { ["k"] = "s3cr3t!" }));
        });

        Assert.Equal("***!", result.Outputs["k"]);
        Assert.Equal(["using ***"], _place.Context.Lines);
    }

    [Fact]
    public async Task An_unknown_agent_fails_for_good_and_the_known_are_listed()
    {
        await using var none = Services(s => s.AddSingleton<IAgentCatalog>(new EmptyCatalog()));
        await using var some = Services(s => s.AddSkepAgent<Greeter>("greeter").AddScoped<Scoped>());

        var empty = await Execute(none, "x");
        var result = await Execute(some, "greter");

        Assert.Contains("this program registers none", empty.Error, StringComparison.Ordinal);
        Assert.Equal((false, "there is no .NET agent 'greter'; registered are: greeter"), (result.Retryable, result.Error));
    }

    [Fact]
    public async Task Two_agents_of_one_name_are_refused()
    {
        await using var services = Services(s => s.AddSkepAgent("a", _ => new Delegating(null!)).AddSkepAgent("a", _ => new Delegating(null!)));

        Assert.Contains("two agents are registered as 'a'", Assert.Throws<InvalidOperationException>(() => services.GetRequiredService<IAgentCatalog>()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancelled_agent_ends_as_cancelled()
    {
        using var cancel = new CancellationTokenSource();
        var running = Execute(
            async (c, token) =>
            {
                c.Attempt.Progress("ready");
                await Task.Delay(Timeout.Infinite, token);
                return AgentResult.Done;
            },
            cancel.Token);
        await _place.Context.Saw("ready");

        await cancel.CancelAsync();

        Assert.Equal(AttemptOutcome.Cancelled, (await running).Outcome);
    }

    [Fact]
    public async Task An_agent_that_ignores_cancellation_is_abandoned()
    {
        var time = new FakeTime();
        var context = new RecordingContext { Time = time };
        var release = new TaskCompletionSource<AgentResult>();
        using var cancel = new CancellationTokenSource();
        await using var services = Services(s => s.AddSkepAgent("stubborn", _ => new Delegating((c, _) =>
        {
            c.Attempt.Progress("ready");
            return release.Task;
        })));
        var executor = new DotNetExecutor(services.GetRequiredService<IAgentCatalog>(), new DotNetExecutorOptions { HostEnvironment = () => _place.Host });
        var running = executor.ExecuteAsync(Request("stubborn", null), context, cancel.Token);
        await context.Saw("ready");

        await cancel.CancelAsync();
        await Workplace.Eventually(() => time.Timers >= 2, "the executor to wait for its grace");
        Assert.False(running.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(10));
        var result = await running.WaitAsync(Workplace.Patience);
        release.SetResult(AgentResult.Done);

        Assert.Equal(AttemptOutcome.Lost, result.Outcome);
        Assert.Contains("did not return within 10 s of being cancelled", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Outputs_are_held_to_the_same_bounds_as_those_of_commands()
    {
        var result = await Execute(_ => Task.FromResult(new AgentResult(new Dictionary<string, string> { ["bad key"] = "" })));

        Assert.Equal((AttemptOutcome.Failed, false), (result.Outcome, result.Retryable));
        Assert.Contains("the key 'bad key' must have", result.Error, StringComparison.Ordinal);
    }

    private static ServiceProvider Services(Action<IServiceCollection> configure)
    {
        var services = new ServiceCollection();
        configure(services);
        return services.BuildServiceProvider(validateScopes: true);
    }

    private AttemptRequest Request(string agent, IReadOnlyDictionary<string, PlanValue>? with) => _place.Request() with
    {
        Agent = new AgentSpec { Id = agent, Executor = ExecutorKinds.DotNet },
        With = with ?? new Dictionary<string, PlanValue>(),
        Secrets = ["TOKEN"],
    };

    private Task<AttemptResult> Execute(Func<AgentContext, Task<AgentResult>> work) => Execute((c, _) => work(c), Never);

    private async Task<AttemptResult> Execute(Func<AgentContext, CancellationToken, Task<AgentResult>> work, CancellationToken cancel)
    {
        await using var services = Services(s => s.AddSkepAgent("test", _ => new Delegating(work)));
        return await Execute(services, "test", cancel: cancel);
    }

    private Task<AttemptResult> Execute(ServiceProvider services, string agent, IReadOnlyDictionary<string, PlanValue>? with = null, CancellationToken cancel = default) =>
        new DotNetExecutor(services.GetRequiredService<IAgentCatalog>(), new DotNetExecutorOptions { HostEnvironment = () => _place.Host })
            .ExecuteAsync(Request(agent, with), _place.Context, cancel).WaitAsync(Workplace.Patience, Never);

    private sealed class Delegating(Func<AgentContext, CancellationToken, Task<AgentResult>> work) : IAgent
    {
        public Task<AgentResult> RunAsync(AgentContext context, CancellationToken cancel) => work(context, cancel);
    }

    private sealed class EmptyCatalog : IAgentCatalog
    {
        public IReadOnlyList<string> Names => [];

        public bool TryCreate(string name, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out AgentHandle? agent)
        {
            agent = null;
            return false;
        }
    }

    public sealed class Scoped : IDisposable
    {
        public Scoped() => Last = this;

        public static Scoped? Last { get; private set; }

        public bool Disposed { get; private set; }

        public void Dispose() => Disposed = true;
    }

    public sealed class Greeter(Scoped scoped) : IAgent
    {
        public Task<AgentResult> RunAsync(AgentContext context, CancellationToken cancel)
        {
            Assert.False(scoped.Disposed);
            return Task.FromResult(new AgentResult(
                new Dictionary<string, string> { ["greeting"] = $"hello {context.With["name"].ToText()}" }, "greeted\n"));
        }
    }
}
