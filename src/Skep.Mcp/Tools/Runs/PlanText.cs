using System.Text;
using Skep.Agents.Specs;
using Skep.Mcp.Arguments;
using Skep.Mcp.Folder;
using Skep.Plans;

namespace Skep.Mcp.Tools.Runs;

/// <summary>A plan as a call gives it.</summary>
/// <param name="Read">What reading it yields.</param>
/// <param name="File">The file, or null for one that was given as text.</param>
/// <param name="Folder">Folder to which its paths are relative.</param>
internal sealed record PlanText(PlanReadResult Read, string? File, string Folder)
{
    /// <summary>The arguments that name a plan, for schemas.</summary>
    public const string Arguments = """
        "plan":{"type":"string","minLength":1,"maxLength":1000000,"description":"The plan itself, as YAML."},
        "file":{"type":"string","minLength":1,"maxLength":1024,"description":"Instead of plan: a plan file in the workspace."}
        """;

    /// <summary>Most characters of a plan.</summary>
    public const int MaxChars = 1_000_000;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads it.</summary>
    /// <exception cref="ToolFault">None is given, or it cannot be read.</exception>
    public static PlanText Of(FolderDesk desk, ToolArguments args)
    {
        if (args.Has("plan") == args.Has("file")) throw new ToolFault("give the plan as text in 'plan', or name a plan file in 'file'; one of the two");
        var workspace = desk.Settings.Workspace;
        var file = args.Text("file") is { } named ? Path.GetFullPath(named, workspace) : null;
        var folder = file is null ? workspace : Path.GetDirectoryName(file)!;
        var text = file is null ? args.Need("plan") : Open(file, workspace);
        return new PlanText(PlanReader.Read(text, files: desk.Settings.AgentFiles?.Invoke(folder, workspace)), file, folder);
    }

    /// <summary>What was found, as <c>line:column: error[code]: message</c>.</summary>
    public IReadOnlyList<string> Findings => [.. Read.Diagnostics.Select(d => d.Format(File is null ? "plan" : Path.GetFileName(File)))];

    /// <summary>The plan.</summary>
    /// <exception cref="ToolFault">It is not valid.</exception>
    public Plan Require() => Read.Plan ?? throw new ToolFault($"the plan is not valid; nothing was started:\n{string.Join('\n', Findings.Take(Bounds.DefaultRows))}");

    private static string Open(string file, string workspace)
    {
        // Errors quote what they are about: only what the workspace holds can be quoted.
        var real = RealPath.Of(file);
        if (!RealPath.IsWithin(file, Path.GetFullPath(workspace)) || (real is not null && !RealPath.IsWithin(real, RealPath.Of(workspace)!))) throw new ToolFault($"'{file}' lies outside the workspace {workspace}; name a file in it, or give the plan as text");
        try
        {
            if (new FileInfo(file).Length > 4L * MaxChars) throw new ToolFault($"'{file}' has more than {MaxChars} characters; a plan has fewer");
            return System.IO.File.ReadAllText(file, Utf8);
        }
        catch (DecoderFallbackException)
        {
            throw new ToolFault($"'{file}' is not UTF-8 text; save it as UTF-8");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ToolFault($"the plan '{file}' cannot be read: {e.Message}");
        }
    }

}
