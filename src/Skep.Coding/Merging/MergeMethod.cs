using System.Text.Json.Serialization;

namespace Skep.Coding.Merging;

/// <summary>How a branch comes into its target.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<MergeMethod>))]
public enum MergeMethod
{
    /// <summary>Its commits are made anew, one by one, on the target's tip. A branch that holds merges is merged instead.</summary>
    Rebase,

    /// <summary>One commit with two parents, also where the target could be moved forward without one.</summary>
    Merge,
}
