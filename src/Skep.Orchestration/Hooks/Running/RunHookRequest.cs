using Skep.Plans;

namespace Skep.Orchestration;

/// <summary>What a command that runs around a whole run finds: the swarm's environment, the workspace, no task.</summary>
internal static class RunHookRequest
{
    public static AttemptRequest Of(RunState state, string skepDirectory)
    {
        var info = state.Info!;
        return new AttemptRequest
        {
            RunId = info.Run,
            TaskId = "",
            Phase = "",
            Attempt = 0,
            AgentName = "",
            Agent = AgentSpec.Implicit,
            Env = Environment(state),
            EnvAllow = state.Plan.Swarm.EnvAllow,
            Secrets = state.Plan.Swarm.Secrets,
            WorkingDirectory = info.Workspace,
            Workspace = info.Workspace,
            RunDirectory = info.RunDirectory,
            SkepDirectory = skepDirectory,
            PlanDirectory = info.PlanDirectory,
            HeartbeatEvery = state.Plan.Swarm.Lease / 3,
        };
    }

    /// <summary>Variables whose expressions need what tasks gave have no value around the run.</summary>
    private static Dictionary<string, string> Environment(RunState state)
    {
        var (env, scope) = (new Dictionary<string, string>(StringComparer.Ordinal), new HookScope(state));
        foreach (var (name, template) in state.Plan.Swarm.Env)
        {
            try
            {
                env[name] = ExpressionEvaluator.Interpolate(template, scope);
            }
            catch (ExpressionException)
            {
                // See above.
            }
        }

        return env;
    }
}
