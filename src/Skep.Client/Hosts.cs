namespace Skep.Client;

/// <summary>Makes this process the owner of a folder.</summary>
internal static class Hosts
{
    public static Task<SkepHost> OpenAsync(CliContext cli, SkepFolder folder, CancellationToken cancel) =>
        SkepHost.OpenAsync(folder, cli.ConfigureHost(new SkepHostOptions { Time = cli.Time }), cancel);
}
