using System.Text.Json;

namespace Skep.Plans;

/// <summary>The JSON form of priorities.</summary>
public static class PrioritiesJson
{
    /// <summary>Writes one object with the scored tasks in order and the ids of the unscored ones.</summary>
    public static void Write(Utf8JsonWriter writer, PlanPriorities priorities)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(priorities);
        writer.WriteStartObject();
        writer.WriteString("plan", priorities.Plan);
        writer.WriteStartArray("tasks");
        foreach (var scored in priorities.Scored)
        {
            writer.WriteStartObject();
            writer.WriteString("id", scored.Task.Id);
            if (scored.Task.Title is { } title) writer.WriteString("title", title);
            writer.WriteString("phase", scored.Task.Phase);
            writer.WriteNumber("impact", scored.Impact);
            writer.WriteNumber("effort", scored.Effort);
            writer.WriteNumber("score", scored.Score);
            writer.WriteString("priority", scored.Class.ToString());
            writer.WriteString("quadrant", QuadrantName(scored.Quadrant));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("unscored");
        foreach (var task in priorities.Unscored) writer.WriteStringValue(task.Id);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static string QuadrantName(Quadrant quadrant) => quadrant switch
    {
        Quadrant.QuickWins => "quick-wins",
        Quadrant.Strategic => "strategic",
        Quadrant.FillIn => "fill-in",
        _ => "avoid-or-defer",
    };
}
