using Skep.Memory.Caching;

namespace Skep.Memory.Tests.Caching;

/// <summary>A run of the cache's core on several nodes.</summary>
internal sealed class CacheWorld
{
    private const int Keys = 5;
    private const int Latency = 40;
    private const int MaxDelay = 200;
    private const int Detection = 100;
    private const int Duration = 12_000;

    private static readonly CacheOptions Options = new()
    {
        LocalBytes = 8_000,
        FreshFor = TimeSpan.FromMilliseconds(2_000),
        StaleFor = TimeSpan.FromMilliseconds(800),
        NegativeFor = TimeSpan.FromMilliseconds(600),
        UntrustedFor = TimeSpan.FromMilliseconds(300),
        ClockSkew = TimeSpan.FromMilliseconds(50),
        MaxFloors = 3,
        MaxReads = 100,
    };

    private readonly Random _random;
    private readonly bool _silentLosses;
    private readonly PriorityQueue<Action, (long At, long Number)> _events = new();
    private readonly Dictionary<string, List<(long Committed, Versioned<string> Value)>> _source = [];
    private readonly Dictionary<string, (Versioned<string> Value, long AsOf)> _shared = [];
    private readonly Node[] _nodes;
    private readonly Tally _tally = new();
    private readonly int _seed;
    private long _now = 1_000_000;
    private long _number;
    private long _version;
    private bool _calm;

    public CacheWorld(int seed, bool silentLosses)
    {
        (_seed, _silentLosses, _random) = (seed, silentLosses, new Random(seed));
        for (var i = 0; i < Keys; i++) _source[$"k{i}"] = [(0, new Versioned<string>(0, null))];
        _nodes = [.. Enumerable.Range(0, 3).Select(i => new Node(_random.Next(-25, 26)))];
    }

    public Tally Run()
    {
        foreach (var node in _nodes)
        {
            node.Core.Trust(Clock(node));
            for (var i = 0; i < 3; i++) Later(_random.Next(20), () => ReaderLoop(node));
            Later(_random.Next(200), () => WriterLoop(node));
            Later(_random.Next(3_000), () => Outage(node));
        }

        var end = _now + Duration;
        RunUntil(end);
        Converge();
        foreach (var node in _nodes) _tally.Take(node.Core.Counters);
        return _tally;
    }

    /// <summary>Without faults and writes everybody sees the newest soon.</summary>
    private void Converge()
    {
        _calm = true;
        foreach (var node in _nodes.Where(static n => !n.Connected)) Reconnect(node);
        RunUntil(_now + 10_000);
        foreach (var node in _nodes)
        {
            foreach (var key in _source.Keys)
            {
                Versioned<string>? seen = null;
                Read(node, key, value => seen = value);
                RunUntil(_now + 1_000);
                Assert.True(seen?.Order == _source[key][^1].Value.Order, $"seed {_seed}: {key} is not what it should be in the end");
                Assert.Equal(0, node.Core.Flights);
            }
        }
    }

    private void ReaderLoop(Node node)
    {
        if (_calm) return;
        Read(node, Key(), _ => Later(_random.Next(12), () => ReaderLoop(node)));
    }

    private void Read(Node node, string key, Action<Versioned<string>> done)
    {
        var least = node.Least.GetValueOrDefault(key, CacheOrder.None);
        var decision = node.Core.Read(key, Clock(node), static () => new List<Action<Versioned<string>>>());
        void Check(Versioned<string> value)
        {
            _tally.Reads++;
            Assert.True(value.Order >= least, $"seed {_seed}: at {_now} a node read {value} of {key}, but had seen {least}");
            node.Least[key] = Math.Max(node.Least.GetValueOrDefault(key, CacheOrder.None), value.Order);
            CheckStaleness(key, value);
            done(value);
        }

        Assert.NotEqual(ReadStep.Busy, decision.Step);
        if (decision.Step == ReadStep.Serve) Check(decision.Value);
        else ((List<Action<Versioned<string>>>)decision.Flight!.Tag!).Add(Check);
        if (decision.Flight is { } flight && decision.Step != ReadStep.Join) Fly(node, flight);
    }

    private void CheckStaleness(string key, Versioned<string> value)
    {
        var newer = _source[key].Where(v => v.Value.Order > value.Order).Select(static v => v.Committed).DefaultIfEmpty(long.MaxValue).Min();
        var stale = _now - newer;
        if (stale <= 0) return;
        _tally.Stale++;
        var slack = (2 * Latency) + 100; // An answer under way, and clocks.
        var bound = _silentLosses ? 2_800 + slack : Math.Max(MaxDelay + Latency, 300 + Detection) + slack;
        Assert.True(stale <= bound, $"seed {_seed}: at {_now} {value} of {key} was {stale} ms stale, more than {bound}");
    }

    private void Fly(Node node, Flight flight)
    {
        var asOf = Clock(node);
        LayerAnswer<string> answer = default;
        Later(_random.Next(Latency / 2), () =>
        {
            if (flight.Asking == CacheLayer.Source) answer = new LayerAnswer<string>(_source[flight.Key][^1].Value, asOf, 10);
            else if (node.Connected && Chance(90) && _shared.TryGetValue(flight.Key, out var held)) answer = new LayerAnswer<string>(held.Value, held.AsOf - 50, 10);
            else answer = LayerAnswer<string>.Nothing;
            Later(_random.Next(Latency / 2), () => Land(node, flight, answer));
        });
    }

    private void Land(Node node, Flight flight, LayerAnswer<string> answer)
    {
        var decision = node.Core.Answered(flight, answer, Clock(node));
        Assert.NotEqual(FillStep.Behind, decision.Step);
        if (decision.Share) PutLater(node, flight.Key, decision.Value, answer.AsOf);
        if (decision.Step == FillStep.Ask) Fly(node, flight);
        else foreach (var waiting in (List<Action<Versioned<string>>>)flight.Tag!) waiting(decision.Value);
    }

    private void WriterLoop(Node node)
    {
        if (_calm) return;
        var (key, asOf) = (Key(), Clock(node));
        var ticket = node.Core.Begin(key);
        Later(_random.Next(Latency / 2), () =>
        {
            var value = new Versioned<string>(++_version, Chance(70) ? $"v{_version}" : null);
            _source[key].Add((_now, value));
            Later(_random.Next(Latency / 2), () => Acknowledge(node, key, ticket, value, asOf));
            Later(_random.Next(300), () => WriterLoop(node));
        });
    }

    private void Acknowledge(Node node, string key, DirectTicket ticket, Versioned<string> value, long asOf)
    {
        var unknown = Chance(10);
        node.Core.Wrote(key, ticket, unknown ? null : value, asOf, 10, Clock(node));
        if (!unknown) PutLater(node, key, value, asOf);
        node.Least[key] = Math.Max(node.Least.GetValueOrDefault(key, CacheOrder.None), value.Order);
        foreach (var other in _nodes.Where(n => n != node)) TellLater(other, key, unknown ? CacheOrder.None : value.Order);
    }

    private void TellLater(Node other, string key, long order)
    {
        if (!other.Connected || (_silentLosses && Chance(15))) return;
        var epoch = other.Epoch;
        Later(_random.Next(MaxDelay), () =>
        {
            if (other.Epoch == epoch) other.Core.Invalidate(key, order, Clock(other));
        });
    }

    /// <summary>Puts arrive late, in any order, or not at all; the shared cache itself keeps the newest, and forgets now and then.</summary>
    private void PutLater(Node node, string key, Versioned<string> value, long asOf)
    {
        if (!node.Connected || Chance(10)) return;
        Later(Chance(95) ? _random.Next(MaxDelay) : _random.Next(6_000), () =>
        {
            if (_shared.TryGetValue(key, out var held) && held.Value.Order > value.Order) return;
            _shared[key] = (value, asOf);
            if (Chance(3)) _shared.Clear();
        });
    }

    private void Outage(Node node)
    {
        if (_calm || !node.Connected) return;
        _tally.Outages++;
        (node.Connected, node.Epoch) = (false, node.Epoch + 1);
        var epoch = node.Epoch;
        Later(_random.Next(Detection), () =>
        {
            if (node.Epoch == epoch && !node.Connected) node.Core.Untrust();
        });
        Later(_random.Next(Detection, 1_500), () =>
        {
            if (!node.Connected) Reconnect(node);
            Later(_random.Next(3_000), () => Outage(node));
        });
    }

    private void Reconnect(Node node)
    {
        (node.Connected, node.Epoch) = (true, node.Epoch + 1);
        node.Core.Trust(Clock(node));
    }

    private string Key() => $"k{_random.Next(Keys)}";

    private bool Chance(int percent) => _random.Next(100) < percent;

    private long Clock(Node node) => _now + node.Skew;

    private void Later(long delay, Action action) => _events.Enqueue(action, (_now + delay, ++_number));

    private void RunUntil(long end)
    {
        while (_events.TryPeek(out _, out var next) && next.At <= end)
        {
            var action = _events.Dequeue();
            _now = next.At;
            action();
        }

        _now = end;
    }

    private sealed class Node(int skew)
    {
        public CacheCore<string> Core { get; } = new(Options, CacheLayer.Shared, CacheLayer.Source);

        public int Skew { get; } = skew;

        public bool Connected { get; set; } = true;

        public int Epoch { get; set; }

        /// <summary>What a read that begins now must not fall short of.</summary>
        public Dictionary<string, long> Least { get; } = [];
    }

    internal sealed record Tally
    {
        public long Reads { get; set; }

        public long Stale { get; set; }

        public long Outages { get; set; }

        public long Refused { get; set; }

        public long SharedHits { get; set; }

        public long LocalHits { get; set; }

        public long Joined { get; set; }

        public void Take(CacheCounters counts)
        {
            Refused += counts.Refused;
            SharedHits += counts.LayerHits[(int)CacheLayer.Shared];
            LocalHits += counts.LocalHits.Value;
            Joined += counts.Coalesced;
        }

        public void Add(Tally other)
        {
            (Reads, Stale, Outages, Refused) = (Reads + other.Reads, Stale + other.Stale, Outages + other.Outages, Refused + other.Refused);
            (SharedHits, LocalHits, Joined) = (SharedHits + other.SharedHits, LocalHits + other.LocalHits, Joined + other.Joined);
        }
    }
}
