using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Skep.Server.Access;

namespace Skep.Server.Tests;

public sealed class AccessTests
{
    [Theory]
    [InlineData("evil.example.com", HttpStatusCode.Forbidden)]
    [InlineData("evil.example.com:80", HttpStatusCode.Forbidden)]
    [InlineData("localhost.evil.example", HttpStatusCode.Forbidden)]
    [InlineData("10.0.0.7", HttpStatusCode.Forbidden)]
    [InlineData("localhost:1234", HttpStatusCode.OK)]
    [InlineData("127.0.0.1", HttpStatusCode.OK)]
    [InlineData("[::1]:99", HttpStatusCode.OK)]
    [InlineData("build.example", HttpStatusCode.OK)]
    public async Task Only_names_that_are_ours_are_answered(string host, HttpStatusCode expected)
    {
        await using var rig = await ServerRig.StartAsync(o => o with { Names = ["build.example"] });
        var request = rig.Opening();
        request.Headers.Host = host;
        Assert.Equal(expected, (await rig.AskAsync(request)).Status);
    }

    [Theory]
    [InlineData("http://evil.example.com", HttpStatusCode.Forbidden)]
    [InlineData("null", HttpStatusCode.Forbidden)]
    [InlineData("file://localhost", HttpStatusCode.Forbidden)]
    [InlineData("http://localhost:3000", HttpStatusCode.OK)]
    [InlineData("http://127.0.0.1", HttpStatusCode.OK)]
    public async Task Pages_from_elsewhere_are_refused(string origin, HttpStatusCode expected)
    {
        await using var rig = await ServerRig.StartAsync();
        var request = rig.Opening();
        request.Headers.Add("Origin", origin);
        Assert.Equal(expected, (await rig.AskAsync(request)).Status);
    }

    [Fact]
    public void A_server_on_all_addresses_takes_any_number_as_its_own_but_no_name_and_no_page_of_another_number()
    {
        var rule = new HostRule(IPAddress.Any, ["build.example"]);
        Assert.True(rule.AllowsHost("10.1.2.3"));
        Assert.True(rule.AllowsHost("build.example"));
        Assert.False(rule.AllowsHost("rebound.example"));
        Assert.True(rule.AllowsOrigin("http://10.1.2.3:7411", "10.1.2.3"));
        Assert.False(rule.AllowsOrigin("http://6.6.6.6", "10.1.2.3"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Bearer wrong")]
    [InlineData("Bearer a-token-of-the-test")]
    [InlineData("Basic a-token-of-the-tests")]
    public async Task Without_the_token_nothing_is_answered(string? authorization)
    {
        await using var rig = await ServerRig.StartAsync();
        var request = rig.Opening();
        request.Headers.Authorization = authorization is null ? null : AuthenticationHeaderValue.Parse(authorization);
        using var response = await rig.SendAsync(request);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("Bearer", Assert.Single(response.Headers.WwwAuthenticate).Scheme);
        Assert.Equal(0, rig.Server.Sessions.Count);
    }

    [Fact]
    public async Task A_server_for_other_machines_without_a_token_is_refused() =>
        Assert.Contains("needs a token", (await Assert.ThrowsAsync<ArgumentException>(() => ServerRig.StartAsync(o => o with { Address = IPAddress.Any, Token = null }))).Message, StringComparison.Ordinal);

    [Fact]
    public async Task A_version_that_is_not_spoken_is_refused_with_those_that_are()
    {
        await using var rig = await ServerRig.StartAsync();
        var request = rig.Opening();
        request.Headers.Add("MCP-Protocol-Version", "1999-01-01");
        var (status, body) = await rig.AskAsync(request);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains("2025-11-25", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Requests_that_are_none_are_refused_each_with_its_reason()
    {
        await using var rig = await ServerRig.StartAsync(o => o with { MaxBody = 1000 });
        Assert.Equal(HttpStatusCode.BadRequest, (await rig.AskAsync(rig.Request(HttpMethod.Post, "no json"))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await rig.AskAsync(rig.Request(HttpMethod.Post, "[]"))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await rig.AskAsync(rig.Request(HttpMethod.Post, """{"jsonrpc":"2.0","id":1,"method":"ping"}"""))).Status);
        Assert.Equal(HttpStatusCode.NotFound, await rig.PingAsync("no-such-session"));
        Assert.Equal(HttpStatusCode.BadRequest, (await rig.AskAsync(rig.Request(HttpMethod.Get))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await rig.AskAsync(rig.Request(HttpMethod.Delete))).Status);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await rig.AskAsync(rig.Request(HttpMethod.Put, "{}"))).Status);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await rig.AskAsync(rig.Request(HttpMethod.Post, $"\"{new string('x', 2000)}\""))).Status);
        var form = rig.Opening();
        form.Content = new StringContent("{}", Encoding.UTF8, "text/plain");
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await rig.AskAsync(form)).Status);
        var picky = rig.Opening();
        picky.Headers.Accept.Clear();
        picky.Headers.Accept.ParseAdd("application/json");
        Assert.Equal(HttpStatusCode.NotAcceptable, (await rig.AskAsync(picky)).Status);
        var elsewhere = rig.Opening();
        elsewhere.RequestUri = new Uri(rig.Server.McpUrl, "/other");
        Assert.Equal(HttpStatusCode.NotFound, (await rig.AskAsync(elsewhere)).Status);
        Assert.Equal(0, rig.Server.Sessions.Count);
    }
}
