using System.Text.Json;
using Skep.Orchestration;
using Skep.Orchestration.Hooks;
using Skep.Plans;

namespace Skep.Mcp.Folder;

/// <summary>Starts and resumes runs that another process asks the owner of a folder for.</summary>
internal static class OwnerRuns
{
    /// <summary>Reads the plan of a request.</summary>
    /// <exception cref="RequestException">There is none, or it is not valid.</exception>
    public static (StartMessage Asked, Plan Plan) Read(JsonElement args)
    {
        var asked = args.Deserialize(OwnerJson.Default.StartMessage) ?? throw Bad("the plan is missing");
        return (asked, PlanReader.Read(asked.Plan).Plan ?? throw Bad("the plan is not valid; plan_check tells what is wrong with it"));
    }

    /// <summary>Starts a run. Null: the request came a second time, and its run is over.</summary>
    public static async Task<RunHandle?> StartAsync(SkepHost host, StartMessage asked, Plan plan)
    {
        // A random id exists only if this is the second delivery of the request that made it.
        if (asked.MadeId && host.Store.Find(asked.Run) is not null) return await ResumeAsync(host, asked.Run);
        try
        {
            return await host.StartAsync(new RunRequest
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
        }
        catch (PlanNotRunnableException e)
        {
            throw Bad(e.Message);
        }
    }

    /// <summary>Which run a request wants resumed.</summary>
    public static string RunOf(JsonElement args) => args.Deserialize(OwnerJson.Default.ResumeMessage)?.Run ?? throw Bad("which run?");

    /// <summary>Takes a run up; null: it is over.</summary>
    public static async Task<RunHandle?> ResumeAsync(SkepHost host, string run) =>
        RunReader.Load(host.Store, host.Blobs, run).Status.IsEnded() ? null : await host.ResumeAsync(run, CancellationToken.None);

    /// <summary>The answer: somebody works on the run, or it is over.</summary>
    public static JsonElement Begun(string run) => JsonBuild.Object(json => json.WriteString("run", run));

    /// <summary>The request itself is wrong.</summary>
    public static RequestException Bad(string message) => new(RequestCodes.BadRequest, message);
}
