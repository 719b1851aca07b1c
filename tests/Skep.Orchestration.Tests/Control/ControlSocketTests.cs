using System.Net.Sockets;
using System.Text;
using Skep.Orchestration.Tests.Execution;
using Skep.Orchestration.Tests.Shell;

namespace Skep.Orchestration.Tests.Control;

public sealed class ControlSocketTests
{
    [UnixFact]
    public async Task Other_processes_reach_a_live_run_through_the_socket()
    {
        await using var hive = new Hive();
        var began = new Hive.Watch(e => e is AttemptStarted);
        var run = await hive.StartAsync("{ plan: p, tasks: [{ id: a, run: 'sleep 600' }] }", began);
        await began.Seen;
        var pong = await ControlClient.TrySendAsync(hive.Folder, new ControlRequest { Op = ControlOps.Ping });
        Assert.Equal((true, "run-1", Environment.ProcessId), (pong!.Ok, pong.Runs!.Single(), pong.Pid));
        Assert.Null(await ControlClient.CarryOutAsync(hive.Folder, new ControlRequest { Op = ControlOps.Metric, Name = "score", Value = 3, Task = "a" }));
        Assert.Equal(3, hive.State().Metrics["a.score"].Value);
        Assert.Null(await ControlClient.CarryOutAsync(hive.Folder, new ControlRequest { Op = ControlOps.Cancel, By = "ann" }));
        Assert.Equal(RunStatus.Cancelled, await run.Completion.WaitAsync(Hive.Patience));
    }

    [UnixFact]
    public async Task Where_nobody_owns_the_folder_the_caller_becomes_its_owner_for_a_moment()
    {
        await using var hive = new Hive();
        var began = new Hive.Watch(e => e is AttemptStarted);
        await hive.StartAsync("{ plan: p, tasks: [{ id: a, run: 'sleep 600' }] }", began);
        await began.Seen;
        await hive.Host.DisposeAsync();
        Assert.Null(await ControlClient.CarryOutAsync(hive.Folder, new ControlRequest { Op = ControlOps.Pause, Run = "run-1", By = "ann" }));
        await hive.RestartAsync();
        Assert.Equal(RunStatus.Paused, hive.State().Status);
    }

    [UnixFact]
    public async Task A_dead_owners_socket_is_replaced()
    {
        await using var hive = new Hive();
        await hive.Host.DisposeAsync();
        await File.WriteAllTextAsync(hive.Folder.SocketPath, "left behind");
        await hive.RestartAsync();
        var pong = await ControlClient.TrySendAsync(hive.Folder, new ControlRequest { Op = ControlOps.Ping });
        Assert.True(pong!.Ok);
    }

    [UnixFact]
    public async Task The_socket_is_for_its_owner_only()
    {
        if (OperatingSystem.IsWindows()) return; // never there; said for the analyzer
        await using var hive = new Hive();
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(hive.Folder.SocketPath));
    }

    [Theory]
    [InlineData("{}", "protocol version 0")]
    [InlineData("""{"v":1}""", "unknown request")]
    [InlineData("not json", "invalid")]
    [InlineData("null", "empty")]
    [InlineData("""{"v":99,"op":"ping"}""", "protocol version 99")]
    [InlineData("""{"v":1,"op":"pause"}""", "no run is being worked on")]
    [InlineData("""{"v":1,"op":"pause","run":"nope"}""", "there is no run")]
    [InlineData("""{"v":1,"op":"metric","name":"a b","value":1}""", "characters")]
    public async Task Nonsense_is_answered_with_what_is_wrong(string line, string reason)
    {
        if (OperatingSystem.IsWindows()) return;
        await using var hive = new Hive();
        Assert.Contains(reason, await SendAsync(hive.Folder.SocketPath, Encoding.UTF8.GetBytes(line + "\n")));
    }

    [UnixFact]
    public async Task An_endless_line_is_cut_off_at_its_bound()
    {
        await using var hive = new Hive();
        Assert.Contains("one line of at most", await SendAsync(hive.Folder.SocketPath, Encoding.UTF8.GetBytes(new string('x', ControlProtocol.MaxLine))));
    }

    private static async Task<string> SendAsync(string path, byte[] bytes)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(path));
        await socket.SendAsync(bytes);
        using var connection = new ControlConnection(socket);
        var line = await connection.ReadLineAsync(CancellationToken.None).AsTask().WaitAsync(Hive.Patience);
        return Encoding.UTF8.GetString(line!.Value.Span);
    }
}
