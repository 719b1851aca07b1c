using System.Text.Json;
using Skep.Plans;

namespace Skep.Orchestration;

/// <summary>Items of a fan-out stand in the log as JSON values.</summary>
internal static class ItemValue
{
    public static PlanValue Parse(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return PlanValue.FromJson(document.RootElement);
        }
        catch (JsonException e)
        {
            throw new RunLogException($"a fan-out item in the log is not JSON: {e.Message}");
        }
    }
}
