namespace Skep.Client;

/// <summary>Makes this process the owner of a folder.</summary>
internal static class Hosts
{
    public static SkepHost Open(CliContext cli, SkepFolder folder) =>
        SkepHost.Open(folder, cli.ConfigureHost(new SkepHostOptions { Time = cli.Time }));
}
