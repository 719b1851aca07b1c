using System.Text;
using Skep.Orchestration.Processes;
using Skep.Plans;

namespace Skep.Agents.Specs;

/// <summary>Reads agent files from the disk: plain files only, bounded, and none that a link leads out of its folder to.</summary>
internal static class AgentFileStore
{
    /// <summary>Largest file, in bytes. More than a file may have, so that the reader's own bound is what people meet.</summary>
    private const int MaxBytes = 4 * AgentFileReader.MaxChars;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a file.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="shown">Its path for people.</param>
    /// <param name="within">Folders of which the file, links followed, must lie in one; empty: anywhere.</param>
    /// <exception cref="AgentFileException">It cannot or must not be read.</exception>
    public static AgentFileText Read(string path, string shown, IReadOnlyList<string> within)
    {
        try
        {
            var real = RealPath.Of(path) ?? throw new AgentFileException($"there is no agent file '{shown}'");
            if (within.Count > 0 && !within.Any(w => RealPath.Of(w) is { } root && RealPath.IsWithin(real, root)))
                throw new AgentFileException($"the agent file '{shown}' lies outside its folder (a link leads to '{real}'); copy it into the folder");
            var bytes = PlainFile.ReadAll(real, MaxBytes + 1) ?? throw new AgentFileException($"'{shown}' is no file; name a Markdown file with front matter");
            if (bytes.Length > MaxBytes) throw new AgentFileException($"the agent file '{shown}' has more than {MaxBytes:N0} bytes (is it an agent file?)");
            return new AgentFileText(shown, Utf8.GetString(bytes));
        }
        catch (DecoderFallbackException e)
        {
            throw new AgentFileException($"the agent file '{shown}' is not UTF-8 text; save it as UTF-8", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new AgentFileException($"the agent file '{shown}' cannot be read: {e.Message}", e);
        }
    }
}
