namespace Skep.Cli.Tests.Support;

/// <summary>Command lines of <c>skep memory</c> that are refused as wrong.</summary>
internal static class MemoryRefusal
{
    /// <summary>In a folder whose memory holds an entry, the exit code is that of wrong usage and the error has the message.</summary>
    public static async Task SaysAsync(string message, string[] args)
    {
        using var cli = new Harness();
        await cli.RunAsync("memory", "store", "there", "x");
        Assert.Equal(ExitCodes.Usage, await cli.RunAsync(["memory", .. args]));
        Assert.Contains(message, cli.Error, StringComparison.Ordinal);
    }
}
