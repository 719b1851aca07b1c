using Skep.Agents.Budgets;

namespace Skep.Agents.Tests.Budgets;

public class BudgetBookTests
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch;
    private static readonly BudgetScope Phase = new(BudgetScopeKind.Phase, "p");
    private static readonly BudgetScope Agent = new(BudgetScopeKind.Agent, "a");
    private static readonly BudgetScope Task1 = new(BudgetScopeKind.Task, "t1");

    private static BudgetBook Book(params (BudgetScope Scope, BudgetLimit Limit)[] limits) => new(limits.Select(l => KeyValuePair.Create(l.Scope, l.Limit)));

    private static BudgetCall Call(string key, string task = "t1", string agent = "a") => new(key, "p", agent, task);

    private static BudgetAmount Amount(long tokens, decimal? cost = 0) => new(tokens, cost);

    private static BudgetVerdict Reserve(BudgetBook book, string key, long tokens, decimal? cost = 0, string task = "t1", string agent = "a", double at = 0) =>
        book.TryReserve(Call(key, task, agent), Amount(tokens, cost), Start.AddSeconds(at));

    [Fact]
    public void What_a_call_took_counts_instead_of_what_was_reserved()
    {
        var book = Book((BudgetScope.Run, new(Tokens: 100)));
        Assert.True(Reserve(book, "1", 80).Granted);
        Assert.False(Reserve(book, "2", 80).Granted);
        Assert.True(book.Settle("1", Amount(20)));
        Assert.True(Reserve(book, "2", 80).Granted);
        Assert.Equal(new BudgetUse(20, 0, 1), book.Of(BudgetScope.Run, Start).Used);
        Assert.Equal(new BudgetUse(80, 0, 1), book.Of(BudgetScope.Run, Start).Reserved);
    }

    [Fact]
    public void A_refusal_says_whose_budget_of_what_and_how_much()
    {
        var book = Book((Agent, new(Tokens: 1000, AtLimit: BudgetAction.Downgrade)));
        Reserve(book, "1", 700);
        book.Settle("1", Amount(600));
        Reserve(book, "2", 100);
        var verdict = Reserve(book, "3", 400);
        var refusal = Assert.Single(verdict.Refusals);
        Assert.Equal(new BudgetRefusal(Agent, BudgetResource.Tokens, 600, 100, 400, 1000, BudgetAction.Downgrade), refusal);
        Assert.Equal(BudgetAction.Downgrade, verdict.Action);
        Assert.Equal(
            "The budget of agent 'a' has no room for the next call: 600 of 1000 tokens used, and 100 are reserved for calls in flight. The next call may need 400. Raise 'tokens' of its 'budget' in the plan, or let calls take less ('limits: { output_tokens: … }').",
            refusal.ToString());
    }

    [Fact]
    public void The_widest_scope_decides_what_is_done()
    {
        var book = Book((Task1, new(Tokens: 1, AtLimit: BudgetAction.Fail)), (BudgetScope.Run, new(Turns: 0, AtLimit: BudgetAction.DropTiers)), (Phase, new(CostUsd: 0.5m)));
        var verdict = Reserve(book, "1", 10, 1);
        Assert.Equal([BudgetScope.Run, Phase, Task1], verdict.Refusals.Select(r => r.Scope));
        Assert.Equal(BudgetAction.DropTiers, verdict.Action);
        Assert.Contains("0 of 0.5 US dollars used. The next call may need 1.", verdict.Refusals[1].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_call_that_one_scope_refuses_is_reserved_in_none()
    {
        var book = Book((BudgetScope.Run, new(Tokens: 1000)), (Task1, new(Tokens: 10)));
        Assert.False(Reserve(book, "1", 11).Granted);
        Assert.Equal(default, book.Of(BudgetScope.Run, Start).Reserved);
        Assert.Empty(book.InFlight);
        Assert.True(Reserve(book, "1", 1000, task: "t2").Granted);
    }

    [Fact]
    public void Scopes_are_counted_apart()
    {
        var book = Book((Task1, new(Turns: 1)), (Agent, new(Turns: 2)));
        Assert.True(Reserve(book, "1", 1).Granted);
        Assert.Equal(Task1, Reserve(book, "2", 1).Refusals.Single().Scope);
        Assert.True(Reserve(book, "3", 1, task: "t2").Granted);
        Assert.Equal(Agent, Reserve(book, "4", 1, task: "t3").Refusals.Single().Scope);
        Assert.True(Reserve(book, "5", 1, task: "t3", agent: "b").Granted);
    }

    [Fact]
    public void A_released_call_counts_for_nothing_and_a_lost_one_for_all_that_was_reserved()
    {
        var book = Book((BudgetScope.Run, new(Tokens: 100, Turns: 2)));
        Reserve(book, "1", 60, 0.6m);
        Assert.True(book.Release("1"));
        Reserve(book, "2", 60, 0.6m);
        Assert.True(book.Lost("2"));
        Assert.Equal(new BudgetUse(60, 0.6m, 1), book.Of(BudgetScope.Run, Start).Used);
        Assert.Equal(BudgetResource.Tokens, Reserve(book, "3", 60).Refusals.Single().Resource);
    }

    [Fact]
    public void What_is_over_is_over_whatever_comes_later()
    {
        var book = Book();
        Reserve(book, "1", 60);
        book.Settle("1", Amount(10));
        Assert.False(book.Settle("1", Amount(10)));
        Assert.False(book.Release("1"));
        Assert.False(book.Lost("1"));
        Assert.Equal(10, book.Of(BudgetScope.Run, Start).Used.Tokens);
    }

    [Fact]
    public void A_key_is_used_once_at_a_time()
    {
        var book = Book();
        Reserve(book, "1", 1);
        var error = Assert.Throws<ArgumentException>(() => Reserve(book, "1", 1));
        Assert.Contains("'1' is in flight already", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Reserve(book, "2", -1));
    }

    [Fact]
    public void An_unknown_price_is_warned_of_and_not_counted()
    {
        var book = Book((BudgetScope.Run, new(CostUsd: 1)));
        var verdict = Reserve(book, "1", 10, cost: null);
        Assert.True(verdict.Granted);
        Assert.True(verdict.PriceUnknown);
        book.Settle("1", Amount(10, null));
        var line = book.Of(BudgetScope.Run, Start);
        Assert.True(line.PricesMissing);
        Assert.Equal(0, line.Used.CostUsd);
        Assert.False(Reserve(book, "2", 10, 0.5m).PriceUnknown);
    }

    [Fact]
    public void Wall_time_runs_from_the_first_call_and_pauses_are_left_out()
    {
        var book = Book((Task1, new(Wall: TimeSpan.FromSeconds(100))));
        Assert.True(Reserve(book, "1", 1, at: 1000).Granted);
        Assert.True(Reserve(book, "2", 1, at: 1099).Granted);
        book.Exclude(TimeSpan.FromSeconds(50));
        book.Exclude(TimeSpan.FromSeconds(5), Task1);
        Assert.True(Reserve(book, "3", 1, at: 1154).Granted);
        var refusal = Reserve(book, "4", 1, at: 1155).Refusals.Single();
        Assert.Equal((BudgetResource.Wall, 100m, 100m), (refusal.Resource, refusal.Used, refusal.Limit));
        Assert.StartsWith("The budget of task 't1' is used up: 100 of 100 seconds used. ", refusal.ToString());
    }

    [Fact]
    public void Time_in_which_all_that_count_stand_still_is_left_out()
    {
        var book = Book((Task1, new(Wall: TimeSpan.FromSeconds(100))), (Phase, new(Wall: TimeSpan.FromSeconds(100))));
        void Move(string task, int working, int standing, double at) => book.Move(Call("q", task), working, standing, Start.AddSeconds(at));
        double Wall(BudgetScope scope, double at) => book.Of(scope, Start.AddSeconds(at)).Wall.TotalSeconds;
        Move("t1", 1, 0, 0);
        Move("t1", -1, 1, 5);
        Move("t2", 1, 0, 10);
        // Before its first call nothing counts, whoever stands still.
        Reserve(book, "1", 1, at: 20);
        Assert.Equal((0, 30), (Wall(Task1, 50), Wall(Phase, 50)));
        Move("t2", -1, 1, 50);
        Assert.Equal((0, 30), (Wall(Task1, 90), Wall(Phase, 90)));
        Move("t1", 1, -1, 90);
        Assert.Equal((10, 40), (Wall(Task1, 100), Wall(Phase, 100)));
        Move("t1", -1, 0, 100);
        // One that is over does not stand still; the other one does.
        Assert.Equal((20, 40), (Wall(Task1, 110), Wall(Phase, 110)));
        Move("t2", 0, -1, 110);
        Assert.Equal((30, 50), (Wall(Task1, 120), Wall(Phase, 120)));
    }

    [Fact]
    public void A_limit_that_a_person_raises_lets_work_go_on()
    {
        var book = Book((BudgetScope.Run, new(Tokens: 10)));
        Assert.False(Reserve(book, "1", 11).Granted);
        book.SetLimit(BudgetScope.Run, new(Tokens: 11));
        Assert.True(Reserve(book, "1", 11).Granted);
        book.SetLimit(BudgetScope.Run, null);
        Assert.True(Reserve(book, "2", 1_000_000).Granted);
        Assert.Throws<ArgumentOutOfRangeException>(() => book.SetLimit(BudgetScope.Run, new(Tokens: -1)));
    }

    [Fact]
    public void What_is_left_is_the_least_of_all_scopes()
    {
        var book = Book((BudgetScope.Run, new(Tokens: 1000, CostUsd: 3)), (Task1, new(Tokens: 100)));
        Reserve(book, "1", 30, 1);
        Assert.Equal(new BudgetLeft(70, 2, null), book.LeftFor(Call("2")));
        Assert.Equal(new BudgetLeft(970, 2, null), book.LeftFor(Call("2", task: "t2")));
    }

    [Fact]
    public void A_book_is_restored_from_what_the_log_tells_and_calls_in_flight_are_lost()
    {
        var book = Book((BudgetScope.Run, new(Tokens: 100, Wall: TimeSpan.FromSeconds(60))));
        BudgetEntry Entry(BudgetEntryKind kind, string key, long tokens = 0) => new(kind, Call(key), Amount(tokens), Start);
        book.Restore(
        [
            Entry(BudgetEntryKind.Reserved, "1", 90), Entry(BudgetEntryKind.Settled, "1", 20), Entry(BudgetEntryKind.Reserved, "2", 70), Entry(BudgetEntryKind.Released, "2"),
            Entry(BudgetEntryKind.Reserved, "3", 30), Entry(BudgetEntryKind.Lost, "3"), Entry(BudgetEntryKind.Reserved, "4", 40),
        ]);
        Assert.Equal("4", book.InFlight.Single().Key);
        Assert.True(book.Lost("4"));
        Assert.Equal(new BudgetUse(90, 0, 3), book.Of(BudgetScope.Run, Start).Used);
        Assert.Equal([BudgetResource.Tokens, BudgetResource.Wall], Reserve(book, "5", 11, at: 60).Refusals.Select(r => r.Resource));
        Assert.Equal([BudgetScope.Run, Phase, Agent, Task1], book.Lines(Start).Select(l => l.Scope));
    }

    [Fact]
    public void Used_and_reserved_never_exceed_a_limit_by_more_than_calls_in_flight_took_beyond_their_estimates()
    {
        for (var seed = 0; seed < 300; seed++) Interleave(new Random(seed), overrun: seed % 2 == 0 ? 0 : 25, seed);
    }

    private static void Interleave(Random random, int overrun, int seed)
    {
        const long limit = 1000;
        var book = Book((BudgetScope.Run, new(Tokens: limit)), (Task1, new(Tokens: limit / 3)));
        var inFlight = new Dictionary<string, long>();
        long beyond = 0;
        for (var i = 0; i < 300; i++)
        {
            var estimate = random.Next(1, 120);
            if (random.Next(2) == 0)
            {
                var before = book.Of(BudgetScope.Run, Start);
                var verdict = Reserve(book, $"{i}", estimate, task: random.Next(2) == 0 ? "t1" : "t2");
                if (verdict.Granted) inFlight.Add($"{i}", estimate);
                Assert.True(!verdict.Granted || before.Used.Tokens + before.Reserved.Tokens + estimate <= limit, $"granted beyond the limit (seed {seed})");
            }
            else if (inFlight.Count > 0)
            {
                var (key, reserved) = inFlight.ElementAt(random.Next(inFlight.Count));
                inFlight.Remove(key);
                var actual = random.Next((int)reserved + overrun + 1);
                beyond += Math.Max(0, actual - reserved);
                if (random.Next(8) == 0) book.Lost(key);
                else if (random.Next(8) == 0) book.Release(key);
                else book.Settle(key, Amount(actual));
            }

            var line = book.Of(BudgetScope.Run, Start);
            Assert.Equal(inFlight.Values.Sum(), line.Reserved.Tokens);
            var total = line.Used.Tokens + line.Reserved.Tokens;
            Assert.True(total <= limit + beyond, $"{total} with {beyond} beyond the estimates (seed {seed})");
            Assert.True(overrun > 0 || total <= limit, $"{total} although no call took more than its estimate (seed {seed})");
            // Only what calls took beyond their estimates since it was last within the limit explains an excess.
            if (total <= limit) beyond = 0;
        }
    }

    [Theory]
    [InlineData(100)]
    [InlineData(350)]
    public void With_one_call_in_flight_the_excess_is_at_most_its_own(int actual)
    {
        var book = Book((BudgetScope.Run, new(Tokens: 1000)));
        var calls = 0;
        while (Reserve(book, $"{calls}", 100).Granted) book.Settle($"{calls++}", Amount(actual));
        Assert.InRange(book.Of(BudgetScope.Run, Start).Used.Tokens, 901, 1000 + actual - 100);
    }

    [Fact]
    public async Task Many_threads_at_once_do_not_overspend()
    {
        var book = Book((BudgetScope.Run, new(Tokens: 5000, Turns: 900)));
        var granted = 0;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(() =>
        {
            for (var i = 0; i < 2000; i++)
            {
                var key = $"{worker}/{i}";
                if (!Reserve(book, key, 10, task: $"t{worker}").Granted) continue;
                Interlocked.Increment(ref granted);
                if (i % 3 == 0) book.Release(key);
                else book.Settle(key, Amount(i % 11));
            }
        })));
        var line = book.Of(BudgetScope.Run, Start);
        Assert.Equal(default, line.Reserved);
        Assert.InRange(line.Used.Tokens, 4000, 5000);
        Assert.InRange(line.Used.Turns, 1, 900);
        Assert.True(granted >= line.Used.Turns);
        Assert.Equal(line.Used.Tokens, Enumerable.Range(0, 8).Sum(w => book.Of(new(BudgetScopeKind.Task, $"t{w}"), Start).Used.Tokens));
    }
}
