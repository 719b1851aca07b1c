using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Skep.Memory.Tests.Caching;

/// <summary>A real Redis on a port of its own, without files, that can be killed, held and started again. It is ended by its process id.</summary>
internal sealed class RedisServer : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("skep-redis-").FullName;
    private readonly string[] _more;
    private Process? _process;

    public RedisServer(params string[] more)
    {
        (Port, _more) = (FreePort(), more);
        Start();
    }

    /// <summary>The program; null where there is none.</summary>
    public static string? Program { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Append("/usr/bin").Select(static p => Path.Combine(p, "redis-server")).FirstOrDefault(File.Exists);

    public int Port { get; }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public void Start()
    {
        var info = new ProcessStartInfo(Program!) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var argument in new[] { "--port", $"{Port}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", _folder, "--daemonize", "no" }.Concat(_more)) info.ArgumentList.Add(argument);
        _process = Process.Start(info)!;
        _process.OutputDataReceived += static (_, _) => { };
        _process.ErrorDataReceived += static (_, _) => { };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        var clock = Stopwatch.StartNew();
        while (!Listens())
        {
            Assert.False(_process.HasExited, "redis-server ended at once");
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20), "redis-server does not listen");
            Thread.Yield();
        }
    }

    public void Kill()
    {
        _process!.Kill();
        Assert.True(_process.WaitForExit(20_000), "redis-server does not end");
        _process.Dispose();
        _process = null;
    }

    /// <summary>Stops it as it is: connections stay, and nothing is answered.</summary>
    public void Hang() => Signal("-STOP");

    public void GoOn() => Signal("-CONT");

    public void Dispose()
    {
        if (_process is not null) Kill();
        Directory.Delete(_folder, recursive: true);
    }

    private void Signal(string signal)
    {
        using var kill = Process.Start("kill", [signal, $"{_process!.Id}"]);
        kill.WaitForExit();
        Assert.Equal(0, kill.ExitCode);
    }

    private bool Listens()
    {
        try
        {
            using var client = new TcpClient();
            client.Connect(IPAddress.Loopback, Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}

/// <summary>A test that needs <c>redis-server</c>.</summary>
internal sealed class RedisFactAttribute : FactAttribute
{
    public RedisFactAttribute() => Skip = RedisServer.Program is null ? "there is no redis-server; install it (Debian: redis-server)" : null;
}
