using Skep.Orchestration.Hooks;

namespace Skep.Orchestration.Tests.Hooks;

public class SecretsTests
{
    [Theory]
    [InlineData("export KEY=sk-ant-api03-abcdefghijklmnop", "sk-ant")]
    [InlineData("git clone https://x:ghp_abcdefghijklmnopqrstuvwxyz0123456789@github.com/a/b", "ghp_")]
    [InlineData("aws AKIAIOSFODNN7EXAMPLE s3 ls", "AKIAIOSFODNN7EXAMPLE")]
    [InlineData("curl -H 'Authorization: Bearer abc.def.ghi'", "abc.def.ghi")]
    [InlineData("-----BEGIN RSA PRIVATE KEY-----\nMIIE\nline\n-----END RSA PRIVATE KEY-----", "MIIE")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nMIIEcut off", "MIIE")]
    [InlineData("password=hunter22 next", "hunter22")]
    [InlineData("{\"api_key\": \"0123456789abcdef\"}", "0123456789abcdef")]
    [InlineData("postgres://app:geheim99@db/x", "geheim99")]
    public void A_well_known_token_is_masked(string text, string secret)
    {
        var masked = Secrets.MaskTokens(text);
        Assert.DoesNotContain(secret, masked, StringComparison.Ordinal);
        Assert.Contains("***", masked, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("npm test -- --token-count 5")]
    [InlineData("the secret of good tests")]
    [InlineData("https://example.org/path?q=1")]
    [InlineData("ask-me-anything, task-1, disk-usage")]
    public void What_is_no_token_stays(string text) => Assert.Equal(text, Secrets.MaskTokens(text));

    [Fact]
    public void Values_of_variables_that_are_named_as_secret_are_masked_in_any_text()
    {
        var mask = Secrets.MaskerFor(new Dictionary<string, string> { ["SKEP_SECRETS"] = "DB_PASS, MISSING", ["DB_PASS"] = "correct horse" });
        Assert.Equal("psql *** and more", mask("psql correct horse and more"));
    }

    [Fact]
    public void Masking_twice_is_masking_once()
    {
        var once = Secrets.MaskTokens("Bearer abcdefgh token=abcdefgh sk-abcdefghijklmnopqrst");
        Assert.Equal(once, Secrets.MaskTokens(once));
    }
}
