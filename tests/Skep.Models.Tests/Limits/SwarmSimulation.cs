using Skep.Models.Limits;

namespace Skep.Models.Tests.Limits;

/// <summary>
/// Agents that call a simulated provider through a real gate, under a virtual clock. Requests and answers take random times under way. An agent that is refused
/// asks again as <see cref="CallRetry"/> would. Nothing runs concurrently: whether a turn was given is looked at after each step of the clock.
/// </summary>
internal sealed class SwarmSimulation(GateLimits limits, RateServer server, int seed)
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);

    private readonly Random _random = new(seed);
    private readonly List<Agent> _agents = [];

    public FakeTime Time { get; } = new();

    public ProviderGate Gate { get; private set; } = null!;

    public bool TellsRetryAfter { get; init; } = true;

    public TimeSpan Now { get; private set; }

    /// <summary>Longest of the calls, which take at least a second.</summary>
    public int LongestCall { get; init; } = 20;

    public int Refusals { get; private set; }

    public int RefusedTwiceInARow { get; private set; }

    public int Served => _agents.Sum(a => a.Served);

    public IReadOnlyList<int> Shares => [.. _agents.Select(a => a.Served)];

    public bool AllFinished => _agents.TrueForAll(a => a.Wants == 0);

    /// <summary>Largest difference of calls served, at any time, among agents that were there from the start and still want more.</summary>
    public int LargestSpread { get; private set; }

    public TimeSpan LastServed { get; private set; }

    public void Join(int agents, int calls)
    {
        Gate ??= new ProviderGate("acme", new GateOptions { Limits = limits, Seed = seed }, Time);
        for (var i = 0; i < agents; i++) _agents.Add(new Agent($"agent-{_agents.Count}", calls, Now));
    }

    public void Run(TimeSpan until)
    {
        while (Now < until && !AllFinished)
        {
            foreach (var agent in _agents) Move(agent);
            Watch();
            Time.Advance(Step);
            Now += Step;
        }
    }

    private void Watch()
    {
        var eager = _agents.Where(a => a.Wants > 0 && a.Joined == TimeSpan.Zero).Select(a => a.Served).ToList();
        if (eager.Count > 1) LargestSpread = Math.Max(LargestSpread, eager.Max() - eager.Min());
    }

    private void Move(Agent agent)
    {
        if (agent.Wants == 0 || Now < agent.NextAt) return;
        switch (agent.At)
        {
            case Where.Thinking:
                agent.Asked = Gate.EnterAsync(agent.Name, 1000, CancellationToken.None).AsTask();
                agent.At = Where.Waiting;
                break;
            case Where.Waiting when agent.Asked!.IsCompleted:
                Go(agent, Where.Sent, Seconds(0.9 * _random.NextDouble()));
                break;
            case Where.Sent:
                agent.Refused = server.Ask(Now);
                Go(agent, Where.Answered, Seconds(agent.Refused is null ? 1 + _random.NextDouble() * (LongestCall - 1) : 0.3 * _random.NextDouble()));
                if (agent.Refused is null) Serve(agent);
                break;
            case Where.Answered when agent.Refused is { } wait:
                Refuse(agent, wait);
                break;
            case Where.Answered:
                agent.Asked!.Result.Done(800);
                agent.Wants--;
                Go(agent, Where.Thinking, TimeSpan.Zero);
                break;
        }
    }

    private void Serve(Agent agent)
    {
        agent.Served++;
        agent.RefusedBefore = 0;
        LastServed = Now;
        agent.Asked!.Result.Answering();
    }

    private void Refuse(Agent agent, TimeSpan wait)
    {
        Refusals++;
        if (++agent.RefusedBefore > 1) RefusedTwiceInARow++;
        // Providers tell whole seconds, rounded up.
        TimeSpan? told = TellsRetryAfter ? Seconds(Math.Ceiling(wait.TotalSeconds)) : null;
        agent.Asked!.Result.Failed(new ModelException(ModelFault.RateLimited, "Too many requests.") { RetryAfter = told });
        Go(agent, Where.Thinking, CallRetry.Wait(new CallRetryOptions(), agent.RefusedBefore - 1, told, _random.NextDouble()));
    }

    private void Go(Agent agent, Where to, TimeSpan after) => (agent.At, agent.NextAt) = (to, Now + after);

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    private enum Where
    {
        Thinking,
        Waiting,
        Sent,
        Answered,
    }

    private sealed class Agent(string name, int wants, TimeSpan joined)
    {
        public string Name { get; } = name;

        public TimeSpan Joined { get; } = joined;

        public int Wants { get; set; } = wants;

        public int Served { get; set; }

        public int RefusedBefore { get; set; }

        public Where At { get; set; }

        public TimeSpan NextAt { get; set; }

        public TimeSpan? Refused { get; set; }

        public Task<IProviderTurn>? Asked { get; set; }
    }
}
