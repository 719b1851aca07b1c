using System.Text.Json;
using Skep.Orchestration;
using Skep.Orchestration.Hooks;
using Skep.Plans;

namespace Skep.Mcp.Folder;

/// <summary>
/// Requests <c>owner.*</c> to a process that owns a folder for others: <c>release</c> (give it back), <c>start</c> (a run of a plan's text) and <c>resume</c>
/// (of a run that nobody works on). An owner that works on its own runs only, such as <c>skep run</c>, does not have them.
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
            "start" => await WithHostAsync(host => StartAsync(host, request.Args.Deserialize(OwnerJson.Default.StartMessage) ?? throw Bad("the plan is missing"))),
            "resume" => await WithHostAsync(host => ResumeAsync(host, request.Args.Deserialize(OwnerJson.Default.ResumeMessage)?.Run ?? throw Bad("which run?"))),
            _ => throw Bad($"an owner knows no '{Text.Shorten(request.Op, 40)}'; it knows release, start and resume"),
        };
    }

    private async Task<JsonElement> ReleaseAsync(CancellationToken cancel) => await gate.ReleaseAsync(cancel) is { } why
        ? throw new RequestException(RequestCodes.Refused, $"process {Environment.ProcessId} keeps the folder: {why}")
        : JsonBuild.Object(static json => json.WriteBoolean("released", true));

    private async Task<JsonElement> WithHostAsync(Func<SkepHost, Task<JsonElement>> action)
    {
        JsonElement result = default;
        var owns = await gate.WithHostAsync(async host => result = await action(host));
        return owns ? result : throw new RequestException(RequestCodes.Refused, "the folder is being given back: ask again");
    }

    private static async Task<JsonElement> StartAsync(SkepHost host, StartMessage asked)
    {
        var plan = PlanReader.Read(asked.Plan).Plan ?? throw Bad("the plan is not valid; plan_check tells what is wrong with it");
        // A random id exists only if this is the second delivery of the request that made it.
        if (asked.MadeId && host.Store.Find(asked.Run) is not null) return await ResumeAsync(host, asked.Run);
        try
        {
            var run = await host.StartAsync(new RunRequest
            {
                RunId = asked.Run,
                Plan = plan,
                PlanText = asked.Plan,
                PlanFile = asked.PlanFile,
                PlanDirectory = asked.PlanDirectory,
                Workspace = asked.Workspace,
                Vars = asked.Vars ?? new Dictionary<string, string>(),
                MaxConcurrency = asked.MaxConcurrency,
            });
            return Begun(run.RunId);
        }
        catch (PlanNotRunnableException e)
        {
            throw Bad(e.Message);
        }
    }

    private static async Task<JsonElement> ResumeAsync(SkepHost host, string run)
    {
        var state = RunReader.Load(host.Store, host.Blobs, run);
        if (!state.Status.IsEnded()) await host.ResumeAsync(run, CancellationToken.None);
        return Begun(run);
    }

    private static JsonElement Begun(string run) => JsonBuild.Object(json => json.WriteString("run", run));

    private static RequestException Bad(string message) => new(RequestCodes.BadRequest, message);
}
