namespace Skep.Vectors.Collections;

/// <summary>Names what damage cost.</summary>
internal static class LossReport
{
    /// <summary>Keys that a message names; more are counted.</summary>
    private const int MaxNamed = 10;

    /// <summary>Which records are lost with rows of a segment, or null if others have taken the place of all of them.</summary>
    public static string? Of(Generation generation, IReadOnlyCollection<int> rows)
    {
        var live = rows.Where(row => !generation.Index.IsDeleted(row)).ToList();
        if (live.Count == 0) return null;
        var named = string.Join(", ", live.Take(MaxNamed).Select(row => $"'{generation.Keys.Text(row)}'"));
        return $"{live.Count:N0} records of '{generation.Segment?.Path}': {named}{(live.Count > MaxNamed ? $" and {live.Count - MaxNamed:N0} more" : "")}";
    }

    /// <summary>Takes lost records out.</summary>
    public static void Drop(Generation generation, IReadOnlyCollection<int> rows)
    {
        foreach (var row in rows) generation.Index.Delete(row);
    }

    public static VectorException Refusal(string what) =>
        new(VectorFault.Damaged, $"the collection is damaged, and lost are: {what}. Restore the folder from a snapshot and insert what came later, or open it with AcceptLoss to go on without them");
}
