using System.Net;
using ModelContextProtocol.Client;

namespace Skep.Server.Tests;

/// <summary>The real program.</summary>
public sealed class ServeCommandTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("skep-serve-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task It_says_where_it_answers_and_a_signal_ends_it_with_clients_connected(string signal)
    {
        if (OperatingSystem.IsWindows()) return;
        using var program = await ServeProgram.StartAsync(_root);
        Assert.Matches("^serving .+ at http://127.0.0.1:[0-9]+/mcp; Ctrl-C ends it$", program.FirstLine);
        var token = (await File.ReadAllTextAsync(Path.Combine(_root, ".skep", "server.token"))).Trim();
        await using (var client = await ConnectAsync(program.Url, token))
        {
            var stored = await client.CallToolAsync("memory_usage", ServerRig.Entry("store", "a", "b"));
            Assert.True(stored.IsError != true, ServerRig.TextOf(stored));
            await program.SignalAsync(signal);
        }

        Assert.Equal(0, program.Process.ExitCode);
        Assert.Equal("", await program.Process.StandardError.ReadToEndAsync());
        Assert.Equal(program.Url, (await File.ReadAllTextAsync(Path.Combine(_root, "ready"))).Trim());
    }

    [Fact]
    public async Task Without_a_token_it_answers_this_machine_and_with_one_only_who_knows_it()
    {
        using (var open = await ServeProgram.StartAsync(_root, "--no-token"))
        {
            await using var client = await ConnectAsync(open.Url, null);
            Assert.NotEmpty(await client.ListToolsAsync());
        }

        await File.WriteAllTextAsync(Path.Combine(_root, "token"), "our-own-token-of-the-team\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(Path.Combine(_root, "token"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        using var closed = await ServeProgram.StartAsync(_root, "--token-file", "token");
        using var http = new HttpClient();
        Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync(closed.Url)).StatusCode);
        await using var ours = await ConnectAsync(closed.Url, "our-own-token-of-the-team");
        Assert.NotEmpty(await ours.ListToolsAsync());
    }

    [Theory]
    [InlineData("a token is needed", "--host", "0.0.0.0", "--no-token")]
    [InlineData("takes an IP address", "--host", "build.example")]
    [InlineData("--port is 0 to 65535", "--port", "70000")]
    [InlineData("exclude each other", "--no-token", "--token-file", "x")]
    [InlineData("there is no directory", "--workspace", "nowhere")]
    public async Task What_makes_no_sense_is_refused_before_anything_is_served(string message, params string[] args)
    {
        using var process = ServeProgram.Start(_root, ["serve", .. args]);
        var error = await process.StandardError.ReadToEndAsync().WaitAsync(ServerRig.Patience);
        await process.WaitForExitAsync().WaitAsync(ServerRig.Patience);
        Assert.Equal(2, process.ExitCode);
        Assert.Contains(message, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_an_error_that_names_it()
    {
        using var first = await ServeProgram.StartAsync(_root, "--no-token");
        var port = new Uri(first.Url).Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
        using var second = ServeProgram.Start(_root, "serve", "--no-token", "--port", port);
        Assert.Contains($"cannot listen on 127.0.0.1 port {port}", await second.StandardError.ReadToEndAsync().WaitAsync(ServerRig.Patience), StringComparison.Ordinal);
        await second.WaitForExitAsync().WaitAsync(ServerRig.Patience);
        Assert.Equal(2, second.ExitCode);
    }

    private static Task<McpClient> ConnectAsync(string url, string? token) => McpClient.CreateAsync(new HttpClientTransport(new HttpClientTransportOptions
    {
        Endpoint = new Uri(url),
        TransportMode = HttpTransportMode.StreamableHttp,
        AdditionalHeaders = token is null ? new Dictionary<string, string>() : new Dictionary<string, string> { ["Authorization"] = "Bearer " + token },
    })).WaitAsync(ServerRig.Patience);
}
