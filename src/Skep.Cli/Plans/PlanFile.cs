using System.Text;
using Skep.Cli.Agents;

namespace Skep.Cli.Plans;

/// <summary>A plan as it was found on disk and read.</summary>
/// <param name="Path">Full path of the file.</param>
/// <param name="Text">Its text, with the agent files that it uses: what a run keeps.</param>
/// <param name="Plan">The plan.</param>
internal sealed record PlanFile(string Path, string Text, Plan Plan)
{
    /// <summary>Most characters that are read of a file. More than a plan may have, so that the plan's own bound is what most people meet.</summary>
    public const int MaxChars = 32 * 1024 * 1024;

    // What is no text must not be run with replacement characters in its commands.
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Folder of the file.</summary>
    public string Directory => System.IO.Path.GetDirectoryName(Path)!;

    /// <summary>Finds and reads a plan and shows what is to be said about it.</summary>
    /// <exception cref="CliException">There is none, or it is not valid; the findings have been shown.</exception>
    /// <param name="cli">What the command touches.</param>
    /// <param name="where">The file, or a folder with one.</param>
    /// <param name="workspace">Folder in which the plan's tasks will work; the current directory unless given.</param>
    public static PlanFile Load(CliContext cli, string where, string? workspace = null)
    {
        var path = PlanLocator.Find(cli.FullPath(where));
        var text = ReadText(path);
        var folder = System.IO.Path.GetDirectoryName(path)!;
        var result = PlanReader.Read(text, files: AgentSearch.ForPlan(folder, workspace ?? cli.Directory, cli.Variable("HOME")));
        var shown = System.IO.Path.GetRelativePath(cli.Directory, path);
        foreach (var finding in result.Diagnostics) cli.Error.Write(Format(cli, finding, folder, shown, text, result.AgentFiles));
        if (result.Plan is { } plan) return new PlanFile(path, result.Text, plan);
        var errors = result.Diagnostics.Count(d => d.Severity == Severity.Error);
        throw new CliException(ExitCodes.PlanInvalid, $"the plan has {errors} {(errors == 1 ? "error" : "errors")}; nothing was started");
    }

    /// <summary>The text that a run of the plan on disk would keep now; null when it cannot be had.</summary>
    public static string? KeptText(CliContext cli, string path, string workspace)
    {
        try
        {
            return PlanReader.Read(ReadText(path), files: AgentSearch.ForPlan(System.IO.Path.GetDirectoryName(path)!, workspace, cli.Variable("HOME"))).Text;
        }
        catch (CliException)
        {
            return null;
        }
    }

    /// <summary>A finding with the line that it is about, which may stand in an agent file.</summary>
    private static string Format(CliContext cli, Diagnostic finding, string folder, string shown, string text, IReadOnlyList<AgentFileText> files)
    {
        if (finding.File is not { } file) return DiagnosticText.Format(finding, shown, text);
        var source = files.FirstOrDefault(f => f.Path == file)?.Text ?? "";
        var beside = System.IO.Path.GetFullPath(file, folder);
        // Editors link what they can open from where the command runs.
        return DiagnosticText.Format(File.Exists(beside) ? finding with { File = System.IO.Path.GetRelativePath(cli.Directory, beside) } : finding, shown, source);
    }

    private static string ReadText(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
            using var text = new StreamReader(file, Utf8, detectEncodingFromByteOrderMarks: true);
            return ReadBounded(text, path);
        }
        catch (DecoderFallbackException)
        {
            throw new CliException(ExitCodes.PlanInvalid, $"the plan '{path}' is not UTF-8 text; save it as UTF-8 (is it in an older encoding such as Latin-1?)");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CliException(ExitCodes.PlanInvalid, $"cannot read the plan '{path}': {e.Message}");
        }
    }

    /// <summary>Counts what is read, not what the file says that it has: a pipe or a device says 0 and may never end.</summary>
    private static string ReadBounded(StreamReader text, string path)
    {
        var all = new StringBuilder();
        var buffer = new char[64 * 1024];
        while (text.Read(buffer) is > 0 and var read)
        {
            if (all.Length + read > MaxChars) throw new CliException(ExitCodes.PlanInvalid, $"'{path}' has more than {MaxChars} characters; a plan has fewer (is it a plan?)");
            all.Append(buffer, 0, read);
        }

        return all.ToString();
    }
}
