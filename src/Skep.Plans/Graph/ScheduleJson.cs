using System.Text.Json;

namespace Skep.Plans;

/// <summary>The JSON form of schedules. Times are seconds.</summary>
public static class ScheduleJson
{
    /// <summary>Writes one object: totals, nodes, critical path, layers, width and, when given, the schedule with limited slots.</summary>
    public static void Write(Utf8JsonWriter writer, Schedule schedule, ResourceSchedule? limited = null)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(schedule);
        writer.WriteStartObject();
        writer.WriteString("plan", schedule.Graph.Plan.Name);
        Seconds(writer, "span_seconds", schedule.Span);
        Seconds(writer, "work_seconds", schedule.TotalWork);
        writer.WriteNumber("speed_up_bound", Math.Round(schedule.SpeedUpBound, 3));
        writer.WriteNumber("max_parallelism", schedule.MaxParallelism);
        Ids(writer, "critical_path", schedule.CriticalPath);
        Ids(writer, "assumed_durations", schedule.Assumed);
        Ids(writer, "dynamic_fan_outs", schedule.DynamicFanOuts);
        WriteNodes(writer, schedule);
        WriteLayers(writer, schedule);
        WriteWidth(writer, schedule);
        if (limited is not null) WriteLimited(writer, limited);
        writer.WriteEndObject();
    }

    private static void WriteNodes(Utf8JsonWriter writer, Schedule schedule)
    {
        writer.WriteStartArray("nodes");
        foreach (var node in schedule.Nodes)
        {
            if (!node.IsWork) continue;
            writer.WriteStartObject();
            writer.WriteString("id", node.Node.Id);
            writer.WriteString("kind", KindName(node.Node));
            writer.WriteString("phase", schedule.Graph.Plan.Phases[node.Node.Phase].Id);
            Seconds(writer, "duration_seconds", node.Duration);
            writer.WriteString("duration_origin", OriginName(node.Origin));
            writer.WriteNumber("items", node.Items);
            writer.WriteNumber("layer", node.Layer);
            Seconds(writer, "earliest_start", node.EarliestStart);
            Seconds(writer, "earliest_finish", node.EarliestFinish);
            Seconds(writer, "latest_start", node.LatestStart);
            Seconds(writer, "latest_finish", node.LatestFinish);
            Seconds(writer, "slack_seconds", node.Slack);
            writer.WriteBoolean("critical", node.IsCritical);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteLayers(Utf8JsonWriter writer, Schedule schedule)
    {
        writer.WriteStartArray("layers");
        foreach (var layer in schedule.Layers)
        {
            writer.WriteStartArray();
            foreach (var node in layer) writer.WriteStringValue(node.Id);
            writer.WriteEndArray();
        }

        writer.WriteEndArray();
    }

    private static void WriteWidth(Utf8JsonWriter writer, Schedule schedule)
    {
        writer.WriteStartArray("width");
        foreach (var step in schedule.Width)
        {
            writer.WriteStartObject();
            Seconds(writer, "at", step.At);
            writer.WriteNumber("width", step.Width);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteLimited(Utf8JsonWriter writer, ResourceSchedule limited)
    {
        writer.WriteStartObject("limited");
        writer.WriteNumber("slots", limited.Slots);
        writer.WriteNumber("used_slots", limited.UsedSlots);
        Seconds(writer, "makespan_seconds", limited.Makespan);
        Seconds(writer, "lower_bound_seconds", limited.LowerBound);
        writer.WriteNumber("utilisation", Math.Round(limited.Utilisation, 4));
        writer.WriteStartArray("runs");
        foreach (var run in limited.Runs)
        {
            writer.WriteStartObject();
            writer.WriteString("id", run.Node.Id);
            writer.WriteString("kind", KindName(run.Node));
            writer.WriteNumber("item", run.Item);
            Seconds(writer, "start", run.Start);
            Seconds(writer, "finish", run.Finish);
            writer.WriteNumber("slot", run.Slot);
            writer.WriteString("agent", run.Agent);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void Ids(Utf8JsonWriter writer, string name, IEnumerable<GraphNode> nodes)
    {
        writer.WriteStartArray(name);
        foreach (var node in nodes) writer.WriteStringValue(node.Id);
        writer.WriteEndArray();
    }

    private static void Seconds(Utf8JsonWriter writer, string name, TimeSpan value) =>
        writer.WriteNumber(name, (decimal)value.Ticks / TimeSpan.TicksPerSecond);

    private static string KindName(GraphNode node) => node.Kind == NodeKind.Gate ? "gate" : "task";

    private static string OriginName(DurationOrigin origin) => origin switch
    {
        DurationOrigin.Free => "free",
        DurationOrigin.Measured => "measured",
        DurationOrigin.Estimated => "estimated",
        DurationOrigin.Contingent => "contingent",
        _ => "assumed",
    };
}
