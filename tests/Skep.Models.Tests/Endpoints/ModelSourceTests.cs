using Microsoft.Extensions.AI;
using Skep.Models.Endpoints;
using Skep.Models.Limits;
using Skep.Models.Tests.Wire;

namespace Skep.Models.Tests.Endpoints;

public sealed class ModelSourceTests : IDisposable
{
    private readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_model_is_found_by_its_provider_and_answers()
    {
        _folder.Variables["ANTHROPIC_API_KEY"] = "key-of-anthropic";
        var server = ByteServer.Streams(Recordings.AnthropicTools);
        _folder.Handler = server;
        using var source = _folder.Source();
        var route = source.Resolve("anthropic/claude-sonnet-4-5");
        Assert.Equal(("anthropic", "claude-sonnet-4-5", 200_000, 64_000), (route.Provider, route.Model, route.ContextTokens, route.MaxOutputTokens));
        Assert.Equal(new ModelPrice(3, 15, 0.3m, 3.75m), route.Price);
        Assert.Same(OpenGate.Instance, route.Gate);
        await route.Client.GetResponseAsync("hi");
        Assert.Equal("key-of-anthropic", server.Header("x-api-key"));
        Assert.Contains("\"model\":\"claude-sonnet-4-5\"", server.LastBody);
        Assert.Same(route, source.Resolve("anthropic/claude-sonnet-4-5"));
    }

    [Fact]
    public async Task A_server_of_ones_own_is_named_by_the_environment()
    {
        _folder.Variables["SKEP_MODEL_BASE_URL"] = "http://localhost:8000";
        _folder.Variables["SKEP_MODEL"] = "qwen3";
        var server = ByteServer.Streams(Recordings.OpenAITools);
        _folder.Handler = server;
        using var source = _folder.Source();
        Assert.Equal(("default", "qwen3"), Named(source.Resolve("default")));
        Assert.Equal(("default", "llama"), Named(source.Resolve("llama")));
        Assert.Equal(("default", "meta/llama-3"), Named(source.Resolve("default/meta/llama-3")));
        Assert.Equal((null, ModelRoute.DefaultContextTokens), (source.Resolve("default").Price, source.Resolve("default").ContextTokens));
        await source.Resolve("default").Client.GetResponseAsync("hi");
        Assert.Equal("http://localhost:8000/v1/chat/completions", server.Asked[0].Request.RequestUri!.AbsoluteUri);
        Assert.Null(server.Header("Authorization"));
    }

    [Fact]
    public void The_environments_server_may_speak_the_other_format()
    {
        _folder.Variables["SKEP_MODEL_WIRE"] = "anthropic";
        _folder.Variables["SKEP_MODEL_API_KEY"] = "some-key";
        _folder.Handler = ByteServer.Streams("");
        using var source = _folder.Source();
        var client = Assert.IsType<AnthropicChatClient>(source.Resolve("claude-opus-4-5").Client);
        Assert.Equal("https://api.anthropic.com/v1/messages", client.Endpoint.Address.AbsoluteUri);
    }

    [Fact]
    public void Default_may_name_a_model_of_another_provider()
    {
        _folder.Variables["OPENAI_API_KEY"] = "some-key";
        _folder.Variables["ANTHROPIC_API_KEY"] = "some-key";
        _folder.Variables["SKEP_MODEL"] = "anthropic/claude-opus-4-5";
        _folder.Handler = ByteServer.Streams("");
        using var source = _folder.Source();
        Assert.Equal(("anthropic", "claude-opus-4-5"), Named(source.Resolve("default")));
    }

    [Fact]
    public void A_bare_name_belongs_to_the_only_provider_that_is_ready()
    {
        _folder.Variables["OPENAI_API_KEY"] = "some-key";
        _folder.Handler = ByteServer.Streams("");
        using var source = _folder.Source();
        Assert.Equal(("openai", "gpt-4.1"), Named(source.Resolve("gpt-4.1")));
    }

    [Fact]
    public void A_bare_name_that_several_could_have_is_refused()
    {
        _folder.Variables["OPENAI_API_KEY"] = "some-key";
        _folder.Variables["ANTHROPIC_API_KEY"] = "some-key";
        using var source = _folder.Source();
        Fails(source, "gpt-4.1", ModelFault.NotFound, "openai, anthropic", "Write provider/gpt-4.1");
    }

    [Fact]
    public void What_cannot_be_found_says_what_there_is()
    {
        _folder.Variables["OPENAI_API_KEY"] = "some-key";
        using var source = _folder.Source();
        Fails(source, "mistral/large", ModelFault.NotFound, "no provider 'mistral'", "There are: anthropic, openai", ".skep/models.json");
        Fails(source, "openai", ModelFault.NotFound, "openai/MODEL");
        Fails(source, "openai/", ModelFault.NotFound);
        Fails(source, "", ModelFault.NotFound, "provider/model");
        Fails(source, "default", ModelFault.NotFound, "SKEP_MODEL");
    }

    [Fact]
    public void A_missing_key_names_the_variable()
    {
        using var source = _folder.Source();
        Fails(source, "openai/gpt-4.1", ModelFault.Unauthorized, "OPENAI_API_KEY", ".skep/secrets");
        Fails(source, "gpt-4.1", ModelFault.Unauthorized, "ANTHROPIC_API_KEY", "SKEP_MODEL_BASE_URL");
        Assert.False(source.IsReady("openai", out var why));
        Assert.Contains("OPENAI_API_KEY", why);
        Assert.False(source.IsReady("nobody", out _));
    }

    [Fact]
    public void A_key_comes_from_the_secrets_file_and_the_environment_goes_before_it()
    {
        _folder.Write("secrets", "# keys\n\nOPENAI_API_KEY=from-the-file\nexport ANTHROPIC_API_KEY=\"quoted-in-file\"\nSHORT=abc\n");
        _folder.Variables["OPENAI_API_KEY"] = " from-the-environment ";
        _folder.Handler = ByteServer.Streams("");
        using var source = _folder.Source();
        Assert.True(source.IsReady("anthropic", out _));
        Assert.Equal(["from-the-environment", "from-the-file", "quoted-in-file"], source.SecretValues.Order());
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.GroupWrite)]
    [InlineData(UnixFileMode.UserExecute)]
    public void A_secrets_file_that_others_may_read_is_refused(UnixFileMode more)
    {
        var path = _folder.Write("secrets", "A=12345678\n", UnixFileMode.UserRead | UnixFileMode.UserWrite | more);
        var failed = Assert.Throws<ModelConfigurationException>(() => _folder.Source());
        Assert.Contains($"chmod 600 '{path}'", failed.Message);
        Assert.DoesNotContain("12345678", failed.Message);
    }

    [Theory]
    [InlineData("OPENAI_API_KEY\n", "line 1")]
    [InlineData("# c\nA=x\nsk-verysecret = x\n", "line 3")]
    [InlineData("=sk-verysecret\n", "line 1")]
    [InlineData("A=1\nA=sk-verysecret\n", "line 2 names A")]
    public void A_line_that_is_not_name_and_value_is_told_by_its_number_only(string text, string says)
    {
        _folder.Write("secrets", text);
        var failed = Assert.Throws<ModelConfigurationException>(() => _folder.Source());
        Assert.Contains(says, failed.Message);
        Assert.DoesNotContain("verysecret", failed.Message);
    }

    [Fact]
    public void A_file_describes_further_providers()
    {
        _folder.Write("models.json", """
            {
              // comments are fine
              "default": "fast",
              "providers": {
                "fast": {"wire": "openai", "base_url": "https://llm.example/openai/v1", "key_env": "FAST_KEY", "key_header": "api-key", "model": "small", "headers": {"x-team": "bees"},
                         "rpm": 60, "tpm": 90000, "context_tokens": 32000, "max_output_tokens": 2000, "max_completion_tokens": true},
                "near": {"wire": "anthropic", "base_url": "http://127.0.0.1:9/v1", "prompt_caching": false, "key_env": "NEAR_KEY"},
              }
            }
            """);
        _folder.Variables["FAST_KEY"] = "the-fast-key";
        _folder.Handler = ByteServer.Streams("");
        using var source = _folder.Source();
        Assert.Equal(["anthropic", "fast", "near", "openai"], source.Endpoints.Select(e => e.Name));
        var fast = source.Resolve("whatever");
        Assert.Equal(("fast", "whatever", 32_000, 2000), (fast.Provider, fast.Model, fast.ContextTokens, fast.MaxOutputTokens));
        var endpoint = source.Endpoints[1];
        Assert.Equal((60, 90_000, "small", true, "bees"), (endpoint.RequestsPerMinute, endpoint.TokensPerMinute, endpoint.DefaultModel, endpoint.NewTokenLimitName, endpoint.Headers["x-team"]));
        Assert.Equal("https://llm.example/openai/v1/chat/completions", endpoint.Address.AbsoluteUri);
        Assert.Equal("http://127.0.0.1:9/v1/messages", source.Endpoints[2].Address.AbsoluteUri);
        Assert.IsType<AnthropicChatClient>(source.Resolve("near/x").Client);
    }

    [Fact]
    public async Task A_key_goes_in_the_header_that_the_file_names()
    {
        _folder.Write("models.json", """{"providers": {"azure": {"base_url": "https://x.example/openai/v1?api-version=1", "key_env": "AZ", "key_header": "api-key", "headers": {"x-team": "bees"}}}}""");
        _folder.Variables["AZ"] = "the-azure-key";
        var server = ByteServer.Streams(Recordings.OpenAITools);
        _folder.Handler = server;
        using var source = _folder.Source();
        await source.Resolve("azure/m").Client.GetResponseAsync("hi");
        Assert.Equal(("the-azure-key", null, "bees"), (server.Header("api-key"), server.Header("Authorization"), server.Header("x-team")));
        Assert.Equal("https://x.example/openai/v1/chat/completions?api-version=1", server.Asked[0].Request.RequestUri!.AbsoluteUri);
    }

    [Theory]
    [InlineData("""{"providers": {"p": {"base_url": "https://x", "api_key": "abc"}}}""", "api_key", "key_env")]
    [InlineData("""{"providers": {"p": {"base_url": "https://x", "API-KEY": "abc"}}}""", "API-KEY", "key_env")]
    [InlineData("""{"providers": {"p": {"base_url": "https://x", "token": "abc"}}}""", "token", "key_env")]
    [InlineData("""{"providers": {"p": {"base_url": "https://x", "headers": {"Authorization": "abc"}}}}""", "headers.Authorization", "key_env")]
    [InlineData("""{"providers": {"p": {"base_url": "https://x", "headers": {"x-api-key": "abc"}}}}""", "headers.x-api-key", "key_env")]
    [InlineData("""{"providers": {"p": {"base_url": "https://x", "key_env": "sk-verysecret"}}}""", "key_env", ".skep/secrets")]
    [InlineData("""{"providers": {"p": {"base_url": "https://x", "key_env": "not a name"}}}""", "key_env", "not the key")]
    [InlineData("""{"providers": {"p": {"base_url": "https://x", "model": "sk-verysecret"}}}""", "p.model", "key_env")]
    [InlineData("""{"providers": {"p": {"base_url": "https://u:verysecret@x"}}}""", "base_url", "key_env")]
    [InlineData("""{"providers": {"p": {"base_url": "https://x/?api_key=verysecret"}}}""", "base_url", "key_env")]
    [InlineData("""{"providers": {"p": {"base_url": "ftp://x"}}}""", "base_url", "http")]
    [InlineData("""{"providers": {"p": {"wire": "openai"}}}""", "providers.p", "base_url")]
    [InlineData("""{"providers": {"p": {"base_url": "https://x", "wire": "grpc"}}}""", "'grpc'", "openai or anthropic")]
    [InlineData("""{"providers": {"p": {"base_url": "https://x", "rpm": 0}}}""", "p.rpm", "above 0")]
    [InlineData("""{"providers": {"p": {"base_url": "https://x", "insecure": "yes"}}}""", "p.insecure", "true nor false")]
    [InlineData("""{"providers": {"p": {"base_url": "https://x", "colour": "red"}}}""", "'colour'", "base_url, key_env")]
    [InlineData("""{"providers": {"p": {"base_url": "https://x", "headers": {"a\nb": "c"}}}}""", "headers", "header")]
    [InlineData("""{"providers": {"a/b": {"base_url": "https://x"}}}""", "a/b", "no '/'")]
    [InlineData("""{"providers": {"p": {"base_url": "https://x"}, "p": {"base_url": "https://y"}}}""", "'p'", "second time")]
    [InlineData("""{"default": "q", "providers": {"p": {"base_url": "https://x"}}}""", "'q'", "anthropic, openai, p")]
    [InlineData("""{"provider": {}}""", "'provider'", "default, providers")]
    [InlineData("""[]""", "object", "models.json")]
    [InlineData("""{"providers": """, "not JSON", "models.json")]
    public void A_file_that_is_wrong_says_where_and_how_to_fix_it(string json, string where, string how)
    {
        _folder.Write("models.json", json);
        var failed = Assert.Throws<ModelConfigurationException>(() => _folder.Source());
        Assert.Contains(where, failed.Message);
        Assert.Contains(how, failed.Message);
        Assert.DoesNotContain("verysecret", failed.Message);
    }

    [Fact]
    public void A_key_does_not_go_over_the_network_in_the_clear()
    {
        _folder.Variables["OPENAI_BASE_URL"] = "http://10.0.0.5:8000/v1";
        _folder.Handler = ByteServer.Streams("");
        using (var without = _folder.Source()) Assert.Equal("openai", without.Resolve("openai/m").Provider);
        _folder.Variables["OPENAI_API_KEY"] = "some-secret-key";
        using (var source = _folder.Source())
        {
            var failed = Fails(source, "openai/m", ModelFault.Unauthorized, "in the clear", "\"insecure\": true");
            Assert.DoesNotContain("some-secret-key", failed.Message);
        }

        _folder.Write("models.json", """{"providers": {"openai": {"base_url": "http://10.0.0.5:8000/v1", "key_env": "OPENAI_API_KEY", "insecure": true}}}""");
        using (var allowed = _folder.Source()) Assert.Equal("openai", allowed.Resolve("openai/m").Provider);
        File.Delete(Path.Combine(_folder.Path, "models.json"));
        _folder.Variables["OPENAI_BASE_URL"] = "http://127.0.0.1:8000/v1";
        using var near = _folder.Source();
        Assert.Equal("openai", near.Resolve("openai/m").Provider);
    }

    [Fact]
    public void A_key_that_no_header_can_hold_is_refused()
    {
        _folder.Variables["OPENAI_API_KEY"] = "abc\ndef-secret";
        using var source = _folder.Source();
        var failed = Fails(source, "openai/m", ModelFault.Unauthorized, "OPENAI_API_KEY", "the key alone");
        Assert.DoesNotContain("def-secret", failed.Message);
    }

    [Fact]
    public void An_endpoint_has_one_gate_and_one_pool()
    {
        _folder.Variables["OPENAI_API_KEY"] = "some-key";
        _folder.Handler = ByteServer.Streams("");
        var made = new List<string>();
        using var source = _folder.Source(endpoint =>
        {
            made.Add(endpoint.Name);
            return OpenGate.Instance;
        });
        source.Resolve("openai/a");
        source.Resolve("openai/b");
        Assert.Equal(["openai"], made);
    }

    [Fact]
    public void A_variable_that_is_wrong_is_named()
    {
        _folder.Variables["SKEP_MODEL_BASE_URL"] = "localhost:8000";
        Assert.Contains("SKEP_MODEL_BASE_URL", Assert.Throws<ModelConfigurationException>(() => _folder.Source()).Message);
        _folder.Variables["SKEP_MODEL_BASE_URL"] = "http://localhost:8000";
        _folder.Variables["SKEP_MODEL_WIRE"] = "smoke";
        Assert.Contains("SKEP_MODEL_WIRE is 'smoke'", Assert.Throws<ModelConfigurationException>(() => _folder.Source()).Message);
    }

    [Theory]
    [InlineData(ModelWire.OpenAI, "http://h", "http://h/v1/chat/completions")]
    [InlineData(ModelWire.OpenAI, "http://h/", "http://h/v1/chat/completions")]
    [InlineData(ModelWire.OpenAI, "http://h/v1/", "http://h/v1/chat/completions")]
    [InlineData(ModelWire.OpenAI, "http://h/api/v3", "http://h/api/v3/chat/completions")]
    [InlineData(ModelWire.OpenAI, "http://h/x/chat/completions", "http://h/x/chat/completions")]
    [InlineData(ModelWire.Anthropic, "http://h", "http://h/v1/messages")]
    [InlineData(ModelWire.Anthropic, "http://h/v1", "http://h/v1/messages")]
    [InlineData(ModelWire.Anthropic, "http://h/proxy/", "http://h/proxy/v1/messages")]
    [InlineData(ModelWire.Anthropic, "http://h/v1/messages", "http://h/v1/messages")]
    public void An_address_may_be_given_with_or_without_its_end(ModelWire wire, string url, string address) =>
        Assert.Equal(address, new ModelEndpoint("p", wire, new(url)).Address.AbsoluteUri);

    private static ModelException Fails(ModelSource source, string model, ModelFault fault, params string[] says)
    {
        var failed = Assert.Throws<ModelException>(() => source.Resolve(model));
        Assert.Equal(fault, failed.Fault);
        foreach (var text in says) Assert.Contains(text, failed.Message);
        return failed;
    }

    private static (string, string) Named(ModelRoute route) => (route.Provider, route.Model);
}
