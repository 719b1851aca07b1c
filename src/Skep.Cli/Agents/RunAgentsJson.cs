using System.Text.Json;
using Skep.Cli.Reading;

namespace Skep.Cli.Agents;

/// <summary>The agents of a run as JSON.</summary>
internal static class RunAgentsJson
{
    /// <summary>All of them, and what waits for some.</summary>
    public static string Of(RunState state, bool isLive) => JsonText.Of(json =>
    {
        json.WriteStartObject();
        json.WriteString("run", state.Info!.Run);
        json.WriteString("status", state.Status.Name());
        json.WriteBoolean("live", isLive);
        json.WriteNumber("max_concurrency", state.MaxConcurrency);
        json.WriteStartArray("agents");
        foreach (var agent in AgentOverview.Of(state)) Write(json, agent);
        json.WriteEndArray();
        json.WriteStartArray("waiting");
        foreach (var waits in StrandedTasks.Of(state))
        {
            json.WriteStartObject();
            json.WriteString("spec", waits.Agent);
            AgentJson.Texts(json, "tasks", waits.Tasks);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });

    /// <summary>Writes an agent.</summary>
    public static void Write(Utf8JsonWriter json, AgentOverview agent)
    {
        json.WriteStartObject();
        json.WriteString("agent", agent.Name);
        json.WriteString("spec", agent.Spec);
        json.WriteString("state", AgentOverview.Word(agent.Life));
        json.WriteText("task", agent.Task);
        json.WriteTime("since", agent.Since);
        json.WriteNumber("attempts_ended", agent.Ended);
        json.WriteNumber("attempts_failed", agent.Failed);
        json.WriteNumber("tokens", agent.Tokens);
        json.WriteBoolean("spawned_by_request", agent.IsExtra);
        json.WriteText("by", agent.By);
        json.WriteText("reason", agent.Reason);
        json.WriteEndObject();
    }
}
