using Skep.Vectors.Filtering;

namespace Skep.Vectors.Collections;

/// <content>What records hold beside their vectors.</content>
public sealed partial class VectorCollection
{
    /// <summary>The fields that filters can name now: those that were declared, and those that records brought.</summary>
    public FieldSchema Schema
    {
        get
        {
            using var reading = Read();
            return reading.Generation.Fields.View.Schema;
        }
    }
}
