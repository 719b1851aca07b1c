using Skep.Server.Access;

namespace Skep.Server.Tests;

public sealed class TokenFileTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("skep-token-").FullName;

    private string At => Path.Combine(_root, "token");

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void The_first_start_makes_a_token_for_its_owner_alone_and_later_ones_read_it()
    {
        var token = TokenFile.ReadOrCreate(At);
        Assert.Equal(64, token.Length);
        Assert.Equal(token, TokenFile.ReadOrCreate(At));
        Assert.Equal([At], Directory.GetFiles(_root));
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(At));
    }

    [Fact]
    public void Of_many_that_start_together_all_have_the_same_token()
    {
        var tokens = new string[16];
        Parallel.For(0, tokens.Length, i => tokens[i] = TokenFile.ReadOrCreate(At));
        Assert.Single(tokens.Distinct(StringComparer.Ordinal));
        Assert.Equal([At], Directory.GetFiles(_root));
    }

    [Fact]
    public void A_file_that_others_may_read_is_refused()
    {
        if (OperatingSystem.IsWindows()) return;
        TokenFile.ReadOrCreate(At);
        File.SetUnixFileMode(At, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        Assert.Contains("chmod 600", Assert.Throws<IOException>(() => TokenFile.ReadOrCreate(At)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("short")]
    [InlineData("two words are not a token")]
    public void A_file_without_a_token_is_refused(string content)
    {
        TokenFile.ReadOrCreate(At);
        File.WriteAllText(At, content);
        Assert.Contains("holds no token", Assert.Throws<IOException>(() => TokenFile.ReadOrCreate(At)).Message, StringComparison.Ordinal);
    }
}
