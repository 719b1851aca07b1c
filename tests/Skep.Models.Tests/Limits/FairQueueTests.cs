using Skep.Models.Limits;

namespace Skep.Models.Tests.Limits;

public class FairQueueTests
{
    private static RateTicket Add(FairQueue queue, string agent)
    {
        var ticket = new RateTicket(agent, 0);
        queue.Add(ticket);
        return ticket;
    }

    private static string Take(FairQueue queue, double cost = 1)
    {
        var head = queue.Head!;
        queue.Take(head, cost);
        return head.Agent;
    }

    [Fact]
    public void Agents_take_turns_however_many_calls_each_has_waiting()
    {
        var queue = new FairQueue();
        for (var i = 0; i < 3; i++) Add(queue, "greedy");
        for (var i = 0; i < 3; i++) Add(queue, "late");
        Assert.Equal(["greedy", "late", "greedy", "late", "greedy", "late"], Enumerable.Range(0, 6).Select(_ => Take(queue)));
        Assert.Null(queue.Head);
    }

    [Fact]
    public void Turns_are_shared_by_what_calls_cost_not_by_their_number()
    {
        var queue = new FairQueue();
        for (var i = 0; i < 40; i++)
        {
            Add(queue, "large");
            Add(queue, "small");
        }

        var turns = new List<string>();
        for (var i = 0; i < 40; i++) turns.Add(Take(queue, queue.Head!.Agent == "large" ? 3 : 1));
        Assert.InRange(turns.Count(t => t == "small"), 29, 31);
    }

    [Fact]
    public void An_agent_that_was_idle_has_no_claim_to_turns_that_it_did_not_ask_for()
    {
        var queue = new FairQueue();
        for (var i = 0; i < 20; i++) Add(queue, "a");
        for (var i = 0; i < 10; i++) Take(queue);
        for (var i = 0; i < 5; i++) Add(queue, "b");
        Assert.Equal(["b", "a", "b", "a"], Enumerable.Range(0, 4).Select(_ => Take(queue)));
    }

    [Fact]
    public void A_refused_call_is_paid_back_and_the_claim_is_kept()
    {
        var queue = new FairQueue();
        var refused = Add(queue, "a");
        Take(queue);
        queue.Refund(refused);
        for (var i = 0; i < 5; i++) Add(queue, "b");
        for (var i = 0; i < 3; i++) Take(queue);
        Add(queue, "a");
        Add(queue, "a");
        Assert.Equal(["a", "a"], Enumerable.Range(0, 2).Select(_ => Take(queue)));
    }

    [Fact]
    public void A_call_that_took_less_than_expected_is_charged_less()
    {
        var queue = new FairQueue();
        var first = Add(queue, "a");
        for (var i = 0; i < 4; i++) Add(queue, i % 2 == 0 ? "a" : "b");
        Take(queue, 10);
        queue.Settle(first, 0.5);
        Assert.Equal(["b", "a", "b", "a"], Enumerable.Range(0, 4).Select(_ => Take(queue)));
    }

    [Fact]
    public void Idle_agents_are_forgotten_beyond_the_bound_and_waiting_ones_are_not()
    {
        var queue = new FairQueue();
        for (var i = 0; i < 5000; i++)
        {
            var ticket = Add(queue, $"agent-{i}");
            if (i % 10 == 0) continue;
            queue.Take(ticket, 1);
            queue.Settle(ticket, 1);
        }

        Assert.Equal(500, queue.Count);
        Assert.InRange(queue.Agents, 500, 500 + FairQueue.MostIdleAgents);
        var served = Enumerable.Range(0, 500).Select(_ => Take(queue)).Distinct().Count();
        Assert.Equal(500, served);
    }
}
