using System.Text.Json;
using System.Text.Json.Serialization;

namespace Skep.Memory.Finding;

/// <summary>Up to where the indexes have followed the memory, as it stands beside them.</summary>
/// <param name="Format">Version of what is in the folder.</param>
/// <param name="Revision">The revision.</param>
/// <param name="Mark">What the change of that revision was: a database that was restored from a copy has another one there.</param>
/// <param name="Models">Which namespaces had which models.</param>
internal sealed record FollowState(int Format, long Revision, string? Mark, string Models)
{
    internal const int Current = 1;

    private const string File = "followed.json";

    /// <summary>Reads it; null when there is none, or none that can be used.</summary>
    internal static FollowState? Load(string? folder)
    {
        if (folder is null) return null;
        try
        {
            var state = JsonSerializer.Deserialize(System.IO.File.ReadAllBytes(Path.Combine(folder, File)), FollowStateJson.Default.FollowState);
            return state?.Format == Current ? state : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null; // Then the entries are compared one by one.
        }
    }

    /// <summary>Removes it, before what it speaks of is changed in another way than by following.</summary>
    internal static void Forget(string? folder)
    {
        if (folder is not null && Directory.Exists(folder)) System.IO.File.Delete(Path.Combine(folder, File));
    }

    /// <summary>Writes it, after what it speaks of is on disk. One that is lost or old only costs work.</summary>
    internal void Save(string? folder)
    {
        if (folder is null) return;
        try
        {
            var temporary = Path.Combine(folder, File + ".new");
            System.IO.File.WriteAllBytes(temporary, JsonSerializer.SerializeToUtf8Bytes(this, FollowStateJson.Default.FollowState));
            System.IO.File.Move(temporary, Path.Combine(folder, File), overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The next process compares the entries one by one.
        }
    }
}

/// <summary>Generated JSON code.</summary>
[JsonSerializable(typeof(FollowState))]
internal sealed partial class FollowStateJson : JsonSerializerContext;
