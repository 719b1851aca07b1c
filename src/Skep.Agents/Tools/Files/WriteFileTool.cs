using System.Text;

namespace Skep.Agents.Tools;

/// <summary><c>write_file</c>: a whole file.</summary>
internal sealed class WriteFileTool(EditBook book) : FileTool(Schema)
{
    private const string Schema = """
        {"type":"object","properties":{
        "path":{"type":"string","minLength":1,"maxLength":1024,"description":"File, relative to your folder; missing folders are made"},
        "content":{"type":"string","maxLength":2000000,"description":"The whole content"}},
        "required":["path","content"],"additionalProperties":false}
        """;

    public override string Name => "write_file";

    public override string Description => "Writes a whole text file in your folder, in place of what is there. To change a part of a file use edit_file.";

    public override ToolKind Kind => ToolKind.Write;

    public override ToolRepeat Repeat => ToolRepeat.Keyed;

    protected override async Task<ToolResult> RunAsync(ToolArguments args, ToolCall call, CancellationToken cancel)
    {
        var path = SandboxPath.OfFile(args.Need("path"));
        if (ProtectedNames.ForWriting(path) is { } closed) throw new ToolRefusal(closed);
        var content = Encoding.UTF8.GetBytes(call.Agent.Mask(args.Need("content")));
        var written = $"Wrote {content.Length} bytes to '{path.Text}'.";
        if (book.Earlier(call) is { Done: true }) return new ToolResult(written);

        var file = await InSandboxAsync(call, sandbox => sandbox.FullPath(path), cancel);
        var notes = await book.AskAsync(call, file, cancel);
        await book.IntendAsync(call, file, null, EditBook.Hash(content), cancel);
        await InSandboxAsync(
            call,
            sandbox =>
            {
                sandbox.Write(path, content, RequestKey.Hash(call));
                return true;
            },
            cancel);
        // Whatever is asked of us now, the file is written and has to be recorded.
        return new ToolResult(written.With([.. notes, .. await book.DoneAsync(call, file, "write", CancellationToken.None)]));
    }
}
