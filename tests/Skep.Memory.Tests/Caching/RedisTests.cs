using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Skep.Memory.Caching;

namespace Skep.Memory.Tests.Caching;

/// <summary>Nodes that share a source and a real Redis, under the real clock. What others do is awaited with a bound, never slept for.</summary>
public sealed class RedisTests
{
    private readonly Truth _truth = new();

    [RedisFact]
    public async Task A_write_on_one_node_reaches_the_other_which_was_serving_the_older_value_from_its_process()
    {
        using var redis = new RedisServer();
        await using var one = new RedisNode(_truth, redis.Port);
        await using var two = new RedisNode(_truth, redis.Port);
        await Task.WhenAll(one.Up(), two.Up());
        for (var i = 0; i < 100; i++)
        {
            var text = $"value {i}";
            await one.Cache.WriteAsync("a", _ => ValueTask.FromResult(_truth.Set("a", text)));
            Assert.Equal(text, (await one.Cache.GetAsync("a")).Text());
            await Eventually(async () => (await two.Cache.GetAsync("a")).Text() == text);
        }

        Assert.True(two.Cache.Stats.Invalidations >= 99, $"{two.Cache.Stats}");
        Assert.True(two.Cache.Stats.Hits + two.Cache.Stats.SharedHits > 0);
    }

    [RedisFact]
    public async Task What_one_node_has_read_the_other_gets_without_asking_the_source()
    {
        using var redis = new RedisServer();
        await using var one = new RedisNode(_truth, redis.Port);
        await using var two = new RedisNode(_truth, redis.Port);
        await Task.WhenAll(one.Up(), two.Up());
        _truth.Set("a", new string('x', 100_000));
        await one.Cache.GetAsync("a");
        await Eventually(async () => await RawAsync(redis.Port, "EXISTS", "skep:e:a") is { Integer: 1 });
        // The clocks of nodes may differ: only records from well after the connection are taken.
        await Eventually(() => NewRecordServes(one, two));
        Assert.True(two.Cache.Stats.SharedHits > 0);
    }

    [RedisFact]
    public async Task A_killed_Redis_costs_nothing_but_the_sharing_and_when_it_is_back_nothing_from_before_is_believed()
    {
        using var redis = new RedisServer();
        await using var one = new RedisNode(_truth, redis.Port);
        await using var two = new RedisNode(_truth, redis.Port);
        await Task.WhenAll(one.Up(), two.Up());
        await one.Cache.WriteAsync("a", _ => ValueTask.FromResult(_truth.Set("a", "before")));
        await Eventually(async () => (await two.Cache.GetAsync("a")).Text() == "before");
        redis.Kill();
        await one.Down();
        await two.Down();
        // What happens meanwhile is told when it is back.
        await one.Cache.WriteAsync("a", _ => ValueTask.FromResult(_truth.Set("a", "meanwhile")));
        Assert.Equal("meanwhile", (await one.Cache.GetAsync("a")).Text());
        await Eventually(async () => (await two.Cache.GetAsync("a")).Text() == "meanwhile");
        redis.Start();
        await Task.WhenAll(one.Up(), two.Up());
        await one.Cache.WriteAsync("a", _ => ValueTask.FromResult(_truth.Set("a", "after")));
        await Eventually(async () => (await two.Cache.GetAsync("a")).Text() == "after");
        Assert.Equal([true, false], one.Notices.Select(static n => n.Degraded));
        Assert.True(one.Cache.Stats.Shared.Reconnects >= 1);
    }

    [RedisFact]
    public async Task A_Redis_that_hangs_is_given_up_within_its_time_and_taken_up_again()
    {
        using var redis = new RedisServer();
        await using var node = new RedisNode(_truth, redis.Port);
        await node.Up();
        _truth.Set("a", "1");
        redis.Hang();
        var clock = Stopwatch.StartNew();
        Assert.Equal("1", (await node.Cache.GetAsync("a")).Text());
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20), $"{clock.Elapsed}");
        await node.Down();
        Assert.Contains("ms", node.Notices[0].Message, StringComparison.Ordinal);
        redis.GoOn();
        await node.Up();
        Assert.Equal("1", (await node.Cache.GetAsync("a")).Text());
    }

    [RedisFact]
    public async Task A_node_that_starts_without_a_Redis_works_and_joins_when_there_is_one()
    {
        using var redis = new RedisServer();
        redis.Kill();
        await using var node = new RedisNode(_truth, redis.Port);
        await node.Redis.FirstAttempt;
        _truth.Set("a", "1");
        Assert.Equal("1", (await node.Cache.GetAsync("a")).Text());
        Assert.Equal("down", node.Cache.Stats.Shared.State);
        Assert.Single(node.Notices);
        redis.Start();
        await node.Up();
        Assert.Equal([true, false], node.Notices.Select(static n => n.Degraded));
    }

    [RedisFact]
    public async Task A_password_is_needed_used_and_never_shown()
    {
        using var redis = new RedisServer("--requirepass", "hush-4711");
        await using var right = new RedisNode(_truth, redis.Port, "hush-4711");
        await right.Up();
        await using var wrong = new RedisNode(_truth, redis.Port, "guess-0815");
        await wrong.Down();
        await using var none = new RedisNode(_truth, redis.Port);
        await none.Down();
        Assert.Contains("WRONGPASS", wrong.Notices[0].Message, StringComparison.Ordinal);
        Assert.Contains(RedisOptions.PasswordVariable, none.Notices[0].Message, StringComparison.Ordinal);
        foreach (var text in new[] { $"{wrong.Notices[0]}", $"{wrong.Cache.Stats}", $"{none.Notices[0]}", $"{right.Cache.Stats}" })
        {
            Assert.DoesNotContain("hush", text, StringComparison.Ordinal);
            Assert.DoesNotContain("guess", text, StringComparison.Ordinal);
        }
    }

    [RedisFact]
    public async Task Over_TLS_the_server_must_show_a_certificate_of_the_authority()
    {
        var folder = Directory.CreateTempSubdirectory("skep-tls-").FullName;
        try
        {
            var (authority, certificate, key) = Certificates(folder);
            var port = RedisServer.FreePort();
            using var redis = new RedisServer("--tls-port", $"{port}", "--tls-cert-file", certificate, "--tls-key-file", key, "--tls-ca-cert-file", authority, "--tls-auth-clients", "no");
            await using var node = new RedisNode(_truth, port, tls: true, authority: authority);
            await node.Up();
            await using var stranger = new RedisNode(_truth, port, tls: true);
            await stranger.Down();
            Assert.Contains("TLS failed", stranger.Notices[0].Message, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [RedisFact]
    public async Task An_older_record_that_arrives_late_does_not_replace_a_newer_one()
    {
        using var redis = new RedisServer();
        await using var node = new RedisNode(_truth, redis.Port);
        await node.Up();
        void Put(long version, string text) => node.Redis.Put("k", new SharedRecord(CacheOrder.Of(version, absent: false), 1_000, null, Encoding.UTF8.GetBytes(text)));
        Put(5, "five");
        Put(4, "four");
        Assert.Equal("five", await TextAsync(node, "k"));
        node.Redis.Tell("k", CacheOrder.Of(5, absent: false));
        await Eventually(() => Task.FromResult(node.Redis.Status.Told >= 1));
        Assert.Equal("five", await TextAsync(node, "k"));
        node.Redis.Tell("k", CacheOrder.Of(6, absent: true));
        await Eventually(async () => await TextAsync(node, "k") is null);
        Put(7, "seven");
        Assert.Equal("seven", await TextAsync(node, "k"));
        node.Redis.Tell("k", CacheOrder.None);
        await Eventually(async () => await TextAsync(node, "k") is null);
    }

    [RedisFact]
    public async Task Many_writes_while_it_is_away_become_one_word_that_anything_may_have_changed()
    {
        using var redis = new RedisServer();
        await using var one = new RedisNode(_truth, redis.Port, maxUntold: 5);
        await using var two = new RedisNode(_truth, redis.Port);
        await Task.WhenAll(one.Up(), two.Up());
        redis.Kill();
        await one.Down();
        await two.Down();
        for (var i = 0; i < 50; i++)
        {
            var key = $"k{i}";
            await one.Cache.WriteAsync(key, _ => ValueTask.FromResult(_truth.Set(key, "x")));
        }

        var before = two.Cache.Stats.Invalidations;
        redis.Start();
        await Task.WhenAll(one.Up(), two.Up());
        await one.Cache.WriteAsync("last", _ => ValueTask.FromResult(_truth.Set("last", "x")));
        await Eventually(() => Task.FromResult(two.Cache.Stats.Invalidations > before));
        Assert.True(one.Cache.Stats.Shared.Told <= 10, $"{one.Cache.Stats.Shared}");
    }

    /// <summary>Two nodes, four threads, one key each their own and one in common: no thread ever sees a key go back.</summary>
    [RedisFact]
    public async Task Under_load_no_reader_of_a_node_ever_sees_an_older_value_than_before()
    {
        using var redis = new RedisServer();
        await using var one = new RedisNode(_truth, redis.Port);
        await using var two = new RedisNode(_truth, redis.Port);
        await Task.WhenAll(one.Up(), two.Up());
        using var stop = new CancellationTokenSource();
        async Task Follow(RedisNode node, TaskCompletionSource begun)
        {
            var last = new long[3];
            for (var reads = 0L; !stop.IsCancellationRequested; reads++)
            {
                var i = (int)(reads % 3);
                var value = await node.Cache.GetAsync($"k{i}");
                Assert.True(value.Order >= last[i], $"k{i} went from {last[i]} back to {value.Order}");
                last[i] = value.Order;
                if (reads % 100 == 0) await Task.Yield();
                if (reads == 3) begun.SetResult();
            }
        }

        // Readers hog the pool's threads: writing begins when all of them read, or it might be over before the last of them got one.
        var begun = Enumerable.Range(0, 4).Select(static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).ToArray();
        var readers = begun.Select((b, i) => Task.Run(() => Follow(i % 2 == 0 ? one : two, b))).ToArray();
        await Task.WhenAll(begun.Select(static b => b.Task)).WaitAsync(TimeSpan.FromSeconds(60));
        for (var i = 0; i < 3_000; i++)
        {
            var (node, key) = (i % 2 == 0 ? one : two, $"k{i % 3}");
            var written = await node.Cache.WriteAsync(key, _ => ValueTask.FromResult(_truth.Set(key, "x")));
            var read = await node.Cache.GetAsync(key);
            Assert.True(read.Order >= written.Order, $"{key} was written as {written.Order} and read as {read.Order}");
        }

        await stop.CancelAsync();
        await Task.WhenAll(readers);
    }

    /// <summary>An absence that came through Redis is one, too.</summary>
    private async Task<bool> NewRecordServes(RedisNode one, RedisNode two)
    {
        var key = $"c{_truth.Reads}";
        await one.Cache.GetAsync(key);
        await Eventually(async () => await one.Redis.GetAsync(key, default) is { Value: null });
        Assert.True((await two.Cache.GetAsync(key)).IsAbsent);
        return two.Cache.Stats.SharedHits > 0;
    }

    private static async Task<string?> TextAsync(RedisNode node, string key) =>
        await node.Redis.GetAsync(key, default) is { Value: { } bytes } ? Encoding.UTF8.GetString(bytes.Span) : null;

    private static async Task<RespValue> RawAsync(int port, params string[] command)
    {
        await using var connection = await RespConnection.OpenAsync(new RedisOptions { Host = "127.0.0.1", Port = port }, TimeProvider.System, null, default);
        return await connection.AskAsync(RespCommand.Parts(command), default);
    }

    private static (string Authority, string Certificate, string Key) Certificates(string folder)
    {
        using var rootKey = RSA.Create(2_048);
        var rootRequest = new CertificateRequest("CN=skep test authority", rootKey, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        rootRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var root = rootRequest.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(2));
        using var key = RSA.Create(2_048);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(System.Net.IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.Create(root, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1), [1, 2, 3]);
        var (authority, file, keyFile) = (Path.Combine(folder, "ca.pem"), Path.Combine(folder, "cert.pem"), Path.Combine(folder, "key.pem"));
        File.WriteAllText(authority, root.ExportCertificatePem());
        File.WriteAllText(file, certificate.ExportCertificatePem());
        File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());
        return (authority, file, keyFile);
    }

    private static Task Eventually(Func<Task<bool>> condition) => RedisNode.Eventually(condition);
}
