using Skep.Models.Endpoints;

namespace Skep.Models.Tests.Endpoints;

public class ConnectionsTests
{
    [Theory]
    [InlineData("http://localhost:8000", false)]
    [InlineData("http://127.0.0.1:11434/v1", false)]
    [InlineData("http://[::1]:8080", false)]
    [InlineData("https://api.example.com", true)]
    public void A_key_for_this_machine_is_not_shown_to_a_proxy(string url, bool proxied)
    {
        using var handler = Assert.IsType<SocketsHttpHandler>(Connections.Handler(new ModelEndpoint("x", ModelWire.OpenAI, new Uri(url))));
        Assert.Equal(proxied, handler.UseProxy);
        Assert.False(handler.AllowAutoRedirect);
    }
}
