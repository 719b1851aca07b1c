using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace Skep.Memory.Caching;

/// <summary>
/// Reads values by GET, through any cache or CDN on the way (RFC 9111). What was read is asked for again with its entity tag: 304 confirms it without sending it. It is used
/// without asking for as long as <c>Cache-Control: max-age</c> allows, unless the latest is wanted: then the question says <c>no-cache</c>, which caches on the way
/// pass on to the origin.
/// <para>The origin's strong or weak entity tag must be the version as a number, such as <c>"17"</c>: on 404, too, where it is the version of the absence. An opaque tag could tell that something
/// changed, but not which of two values is the older.</para>
/// </summary>
public sealed class HttpCacheSource<T> : ICacheSource<T> where T : class
{
    private readonly HttpClient _client;
    private readonly Func<string, Uri> _address;
    private readonly ICacheCodec<T> _codec;
    private readonly TimeProvider _time;
    private readonly HttpCacheOptions _options;
    private readonly Lock _gate = new();
    private readonly LocalCache<Held> _held;

    /// <summary>Makes it.</summary>
    /// <param name="client">Makes the requests, with whatever authorisation they need.</param>
    /// <param name="address">The address of a key.</param>
    /// <param name="codec">Reads bodies.</param>
    /// <param name="time">The clock.</param>
    /// <param name="options">Bounds.</param>
    public HttpCacheSource(HttpClient client, Func<string, Uri> address, ICacheCodec<T> codec, TimeProvider time, HttpCacheOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(codec);
        ArgumentNullException.ThrowIfNull(time);
        (_client, _address, _codec, _time, _options) = (client, address, codec, time, options ?? new HttpCacheOptions());
        _held = new LocalCache<Held>(_options.MaxBytes);
    }

    /// <summary>Bytes that are kept.</summary>
    public long Bytes => _held.Bytes;

    private long Now => _time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <inheritdoc/>
    /// <exception cref="HttpRequestException">There was no answer, or one that is neither 200, 304 nor 404.</exception>
    /// <exception cref="CacheException">The answer has no version, or is too large.</exception>
    public async ValueTask<SourceAnswer<T>> ReadAsync(string key, bool latest, CancellationToken cancel)
    {
        var (began, held) = (Now, _held.Find(key)?.Value.Value);
        if (!latest && held is not null && began < held.FreshUntil && began >= held.AsOf) return new SourceAnswer<T>(held.Value, TimeSpan.FromMilliseconds(began - held.AsOf));
        using var request = new HttpRequestMessage(HttpMethod.Get, _address(key));
        if (held is not null) request.Headers.IfNoneMatch.Add(held.Tag);
        if (latest) request.Headers.CacheControl = new CacheControlHeaderValue { NoCache = true };
        using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
        var asOf = began - (long)(response.Headers.Age ?? TimeSpan.Zero).TotalMilliseconds;
        var now = response.StatusCode switch
        {
            HttpStatusCode.NotModified when held is not null => held with { AsOf = asOf, FreshUntil = asOf + MaxAge(response) },
            HttpStatusCode.OK => new Held(Tag(key, response), new Versioned<T>(VersionOf(key, response), await BodyAsync(key, response, cancel)), asOf, asOf + MaxAge(response)),
            HttpStatusCode.NotFound => new Held(Tag(key, response), new Versioned<T>(VersionOf(key, response), null), asOf, asOf + MaxAge(response)),
            _ => throw new HttpRequestException($"reading '{MemoryPath.Shown(key)}' was answered with status {(int)response.StatusCode}", null, response.StatusCode),
        };
        Keep(key, now, response.Headers.CacheControl?.NoStore == true);
        return new SourceAnswer<T>(now.Value, TimeSpan.FromMilliseconds(Math.Max(0, began - asOf)));
    }

    private void Keep(string key, Held held, bool mayNot)
    {
        lock (_gate)
        {
            if (mayNot) _held.Remove(key);
            else if (_held.Peek(key) is not { } other || other.Value.Value!.Value.Order <= held.Value.Order)
                _held.Put(key, new CacheEntry<Held>(new Versioned<Held>(held.Value.Version, held), held.AsOf, held.Value.Value is { } value ? _codec.SizeOf(value) : 0));
        }
    }

    /// <summary>How long an answer may be used without asking, in milliseconds from when it was the latest.</summary>
    private static long MaxAge(HttpResponseMessage response) => response.Headers.CacheControl switch
    {
        { NoCache: false, NoStore: false, MaxAge: { } age } => (long)Math.Min(age.TotalMilliseconds, TimeSpan.FromDays(365).TotalMilliseconds),
        _ => 0,
    };

    private static EntityTagHeaderValue Tag(string key, HttpResponseMessage response) => response.Headers.ETag ?? throw NoVersion(key, "has no ETag");

    private static long VersionOf(string key, HttpResponseMessage response)
    {
        var tag = Tag(key, response).Tag;
        return long.TryParse(tag.AsSpan().Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var version) && version <= Versioned<T>.MaxVersion
            ? version
            : throw NoVersion(key, $"has the ETag {MemoryPath.Shown(tag)}");
    }

    private static CacheException NoVersion(string key, string what) =>
        new($"the answer for '{MemoryPath.Shown(key)}' {what}, which tells no version: let the origin send its version as a number, such as ETag: \"17\", with 404 too");

    private async Task<T> BodyAsync(string key, HttpResponseMessage response, CancellationToken cancel)
    {
        if (response.Content.Headers.ContentLength > _options.MaxBodyBytes) throw TooLarge(key);
        await using var body = await response.Content.ReadAsStreamAsync(cancel);
        var buffer = new byte[(int)Math.Min(_options.MaxBodyBytes + 1L, response.Content.Headers.ContentLength is { } length ? length + 1 : 16_384)];
        var filled = 0;
        while (await body.ReadAsync(buffer.AsMemory(filled), cancel) is > 0 and var count)
        {
            filled += count;
            if (filled > _options.MaxBodyBytes) throw TooLarge(key);
            if (filled == buffer.Length) Array.Resize(ref buffer, (int)Math.Min(_options.MaxBodyBytes + 1L, buffer.Length * 2L));
        }

        return _codec.Decode(key, buffer.AsSpan(0, filled)) ?? throw new CacheException($"the answer for '{MemoryPath.Shown(key)}' is not a value of the kind that is cached here; see what answers at its address");
    }

    private CacheException TooLarge(string key) => new($"the answer for '{MemoryPath.Shown(key)}' has more than {_options.MaxBodyBytes} bytes; raise {nameof(HttpCacheOptions.MaxBodyBytes)}, or do not cache it");

    private sealed record Held(EntityTagHeaderValue Tag, Versioned<T> Value, long AsOf, long FreshUntil);
}
