namespace Skep.Models.Tests.Limits;

/// <summary>A simulated provider that counts requests a minute.</summary>
internal abstract class RateServer(int perMinute)
{
    protected static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    public int PerMinute { get; set; } = perMinute;

    public static RateServer Of(string style, int perMinute, int seed) => style switch
    {
        "sliding" => new SlidingServer(perMinute),
        "bucket" => new BucketServer(perMinute),
        _ => new FixedServer(perMinute, TimeSpan.FromSeconds(new Random(seed).Next(60))),
    };

    /// <summary>Null: served. Else how long to wait, exactly.</summary>
    public abstract TimeSpan? Ask(TimeSpan now);

    /// <summary>Most requests that could have been served from the first second to this one.</summary>
    public abstract double Allows(TimeSpan until);

    private sealed class SlidingServer(int perMinute) : RateServer(perMinute)
    {
        private readonly Queue<TimeSpan> _served = [];

        public override TimeSpan? Ask(TimeSpan now)
        {
            while (_served.TryPeek(out var oldest) && oldest + Minute <= now) _served.Dequeue();
            if (_served.Count >= PerMinute) return _served.ElementAt(_served.Count - PerMinute) + Minute - now;
            _served.Enqueue(now);
            return null;
        }

        public override double Allows(TimeSpan until) => PerMinute * (Math.Floor(until / Minute) + 1);
    }

    private sealed class BucketServer(int perMinute) : RateServer(perMinute)
    {
        private double _tokens = perMinute;
        private TimeSpan _at;

        public override TimeSpan? Ask(TimeSpan now)
        {
            _tokens = Math.Min(PerMinute, _tokens + (now - _at) / Minute * PerMinute);
            _at = now;
            if (_tokens < 1 - 1e-9) return (1 - _tokens) / PerMinute * Minute;
            _tokens--;
            return null;
        }

        public override double Allows(TimeSpan until) => PerMinute + PerMinute * (until / Minute);
    }

    private sealed class FixedServer(int perMinute, TimeSpan phase) : RateServer(perMinute)
    {
        private double _window = -1;
        private int _served;

        public override TimeSpan? Ask(TimeSpan now)
        {
            var window = Math.Floor((now + phase) / Minute);
            if (window > _window) (_window, _served) = (window, 0);
            if (_served >= PerMinute) return (window + 1) * Minute - phase - now;
            _served++;
            return null;
        }

        public override double Allows(TimeSpan until) => PerMinute * (Math.Floor((until + phase) / Minute) + 1);
    }
}
