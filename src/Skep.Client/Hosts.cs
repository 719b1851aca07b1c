namespace Skep.Client;

/// <summary>Makes this process the owner of a folder.</summary>
internal static class Hosts
{
    /// <summary>How often an owner is asked to give the folder back: another server may take it in between.</summary>
    private const int Tries = 3;

    /// <summary>An owner that works on nothing and is there for others, such as an MCP server, is asked to give the folder back first.</summary>
    public static async Task<SkepHost> OpenAsync(CliContext cli, SkepFolder folder, CancellationToken cancel)
    {
        for (var asked = 0; ; asked++)
        {
            try
            {
                return await SkepHost.OpenAsync(folder, cli.ConfigureHost(new SkepHostOptions { Time = cli.Time }), cancel);
            }
            catch (StorageException e) when (e.Fault == StorageFault.Locked && asked < Tries)
            {
                if (!await OwnerRelease.AskAsync(folder, cli.Time, cancel)) throw;
            }
        }
    }
}
