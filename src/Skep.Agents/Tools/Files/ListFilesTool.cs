using System.Text;

namespace Skep.Agents.Tools;

/// <summary><c>list_files</c>: what is in a folder.</summary>
internal sealed class ListFilesTool() : FileTool(Schema)
{
    /// <summary>Most entries of one answer.</summary>
    public const int MaxListed = 1000;

    private const string Schema = """
        {"type":"object","properties":{
        "path":{"type":"string","maxLength":1024,"description":"Folder, relative to yours; default your folder"},
        "depth":{"type":"integer","minimum":1,"maximum":32,"description":"How many levels; default 1"}},
        "additionalProperties":false}
        """;

    public override string Name => "list_files";

    public override string Description => "Lists what is in a folder: folders end with '/', files have their size in bytes.";

    public override ToolKind Kind => ToolKind.Read;

    public override ToolRepeat Repeat => ToolRepeat.Safe;

    protected override async Task<ToolResult> RunAsync(ToolArguments args, ToolCall call, CancellationToken cancel)
    {
        var path = SandboxPath.Parse(args.Text("path") is { Length: > 0 } given ? given : ".");
        if (path.Names.Any(ProtectedNames.IsClosed)) throw new ToolRefusal($"'{path.Text}' is closed to tools");
        var (lines, count, rest) = (new StringBuilder(), 0, (string?)null);
        await InSandboxAsync(
            call,
            sandbox =>
            {
                var walk = new SandboxWalk(Add, (int)(args.Whole("depth") ?? 1), cancel);
                walk.Run(sandbox, path);
                rest ??= walk.Incomplete;
                return true;
            },
            cancel);
        if (count == 0) return new ToolResult(rest is null ? $"'{path.Text}' is empty." : $"'{path.Text}': {rest}.");
        return new ToolResult($"{count} entries.{(rest is null ? "" : $" Incomplete: {rest}.")}\n{Untrusted.Wrap("folder " + path.Text, call.Agent.Mask(lines.ToString()))}");

        bool Add(SandboxEntry entry)
        {
            if (count == MaxListed || lines.Length > Untrusted.MaxText * 3 / 4)
            {
                rest = $"only the first {count} entries are listed; name a folder further down";
                return false;
            }

            count++;
            lines.Append(Line(entry)).Append('\n');
            return true;
        }
    }

    // A name may hold line ends, which would look like further entries.
    private static string Line(SandboxEntry entry) => entry.Path.Text.Replace('\n', '?') + entry.Facts.Kind switch
    {
        FileKind.Folder => "/",
        FileKind.Link => "  (link, not followed)",
        FileKind.Special => "  (no plain file)",
        _ => ProtectedNames.ForReading(entry.Path) is null ? $"  {entry.Facts.Size}" : $"  {entry.Facts.Size} (closed)",
    };
}
