namespace Skep.Client.Commands;

/// <summary>Brings a control request to a run, wherever it is being worked on.</summary>
internal static class Control
{
    /// <summary>Sends it, and says that it was done.</summary>
    /// <exception cref="CliException">It was refused.</exception>
    public static async Task<int> SendAsync(CliContext cli, SkepFolder folder, ControlRequest request, string done)
    {
        if (await ControlClient.CarryOutAsync(folder, request with { By = request.By ?? cli.Who }) is { } refusal)
            throw new CliException(ExitCodes.Refused, refusal);
        await cli.Out.WriteLineAsync(done);
        return ExitCodes.Ok;
    }

    /// <summary>The process that owns the folder and keeps it; null when there is none, or when it gave the folder back on request.</summary>
    public static async Task<ControlResponse?> OwnerThatStaysAsync(CliContext cli, SkepFolder folder)
    {
        if (await OwnerAsync(folder) is not { } owner) return null;
        return owner.Runs is not { Count: > 0 } && await OwnerRelease.AskAsync(folder, cli.Time) ? null : owner;
    }

    /// <summary>The process that owns the folder and listens, or null.</summary>
    public static Task<ControlResponse?> OwnerAsync(SkepFolder folder) =>
        ControlClient.TrySendAsync(folder, new ControlRequest { Op = ControlOps.Ping });
}
