using System.Text;

namespace Skep.Orchestration.Hooks;

/// <summary>
/// Appends to, and removes from, the objects and arrays of a JSON text, and touches no other byte. A removal undoes an append exactly:
/// what is appended to a container with parts copies the white space before its last part; what is appended to an empty container stands
/// directly behind the bracket. So a part that stands on a line of its own behind the bracket was written along with its container.
/// </summary>
internal static class JsonEdit
{
    /// <summary>Appends a member or an element to a container.</summary>
    /// <param name="json">The text.</param>
    /// <param name="container">Where to append.</param>
    /// <param name="render">Writes the part, given the indentation of its line.</param>
    public static byte[] Append(byte[] json, JsonText container, Func<string, string> render)
    {
        if (container.Parts.Count == 0)
            return Splice(json, container.Start + 1, container.Start + 1, render(IndentOfLine(json, container.Start)));
        var last = container.Parts[^1];
        var space = SpaceBefore(json, last.Start);
        return Splice(json, last.Value.End, last.Value.End, "," + space + render(IndentOfLine(json, last.Start)));
    }

    /// <summary>Removes the part at an index, with the comma that belongs to it.</summary>
    public static byte[] Remove(byte[] json, JsonText container, int index)
    {
        var part = container.Parts[index];
        if (index > 0)
        {
            // The comma behind the part before goes; what follows the removed part keeps its own.
            var comma = Array.IndexOf(json, (byte)',', container.Parts[index - 1].Value.End);
            return Splice(json, comma, part.Value.End, "");
        }

        return container.Parts.Count > 1
            ? Splice(json, part.Start, container.Parts[1].Start, "")
            : Splice(json, part.Start, part.Value.End, "");
    }

    /// <summary>Whether a container's first part stands on a line of its own, as in containers that we write.</summary>
    public static bool StartsOnNewLine(byte[] json, JsonText container) =>
        container.Parts.Count > 0 && SpaceBefore(json, container.Parts[0].Start).Contains('\n', StringComparison.Ordinal);

    /// <summary>The white space at the start of the line that an offset stands in.</summary>
    public static string IndentOfLine(byte[] json, int offset)
    {
        var start = json.AsSpan(0, offset).LastIndexOf((byte)'\n') + 1;
        var length = json.AsSpan(start, offset - start).IndexOfAnyExcept((byte)' ', (byte)'\t');
        return Encoding.UTF8.GetString(json, start, length < 0 ? offset - start : length);
    }

    private static string SpaceBefore(byte[] json, int offset)
    {
        var start = json.AsSpan(0, offset).LastIndexOfAnyExcept(" \t\r\n"u8) + 1;
        return Encoding.UTF8.GetString(json, start, offset - start);
    }

    private static byte[] Splice(byte[] json, int from, int to, string text) =>
        [.. json.AsSpan(0, from), .. Encoding.UTF8.GetBytes(text), .. json.AsSpan(to)];
}
