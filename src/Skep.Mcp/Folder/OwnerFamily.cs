using System.Text.Json;
using Skep.Orchestration;
using Skep.Orchestration.Hooks;

namespace Skep.Mcp.Folder;

/// <summary>
/// Requests <c>owner.*</c> to a server that owns a folder for others: <c>release</c> (give it back), <c>start</c> (a run of a plan's text) and <c>resume</c>
/// (of a run that nobody works on). <see cref="RunGuests"/> answers them in a process that is there for a run of its own.
/// </summary>
internal sealed class OwnerFamily(FolderGate gate) : IRequestFamily
{
    /// <inheritdoc />
    public string Name => "owner";

    /// <inheritdoc />
    public async Task<JsonElement> HandleAsync(FamilyRequest request, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request.Op switch
        {
            "release" => await ReleaseAsync(cancel),
            "start" => await WithHostAsync(host => StartAsync(host, request.Args)),
            "resume" => await WithHostAsync(host => ResumeAsync(host, OwnerRuns.RunOf(request.Args))),
            _ => throw Unknown(request.Op),
        };
    }

    /// <summary>An owner does not know the request.</summary>
    public static RequestException Unknown(string op) => OwnerRuns.Bad($"an owner knows no '{Text.Shorten(op, 40)}'; it knows release, start and resume");

    private async Task<JsonElement> ReleaseAsync(CancellationToken cancel) => await gate.ReleaseAsync(cancel) is { } why
        ? throw new RequestException(RequestCodes.Refused, $"process {Environment.ProcessId} keeps the folder: {why}")
        : JsonBuild.Object(static json => json.WriteBoolean("released", true));

    private async Task<JsonElement> WithHostAsync(Func<SkepHost, Task<JsonElement>> action)
    {
        JsonElement result = default;
        var owns = await gate.WithHostAsync(async host => result = await action(host));
        return owns ? result : throw new RequestException(RequestCodes.Refused, "the folder is being given back: ask again");
    }

    private static async Task<JsonElement> StartAsync(SkepHost host, JsonElement args)
    {
        var (asked, plan) = OwnerRuns.Read(args);
        await OwnerRuns.StartAsync(host, asked, plan);
        return OwnerRuns.Begun(asked.Run);
    }

    private static async Task<JsonElement> ResumeAsync(SkepHost host, string run)
    {
        await OwnerRuns.ResumeAsync(host, run);
        return OwnerRuns.Begun(run);
    }
}
