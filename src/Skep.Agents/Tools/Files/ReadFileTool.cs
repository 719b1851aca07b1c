namespace Skep.Agents.Tools;

/// <summary><c>read_file</c>: lines of a text file.</summary>
internal sealed class ReadFileTool() : FileTool(Schema)
{
    /// <summary>Most lines of one answer.</summary>
    public const int MaxLines = 2000;

    private const string Schema = """
        {"type":"object","properties":{
        "path":{"type":"string","minLength":1,"maxLength":1024,"description":"File, relative to your folder"},
        "first_line":{"type":"integer","minimum":1,"maximum":100000000,"description":"First line to read, from 1; default 1"},
        "lines":{"type":"integer","minimum":1,"maximum":2000,"description":"How many lines; default and most 2000"}},
        "required":["path"],"additionalProperties":false}
        """;

    public override string Name => "read_file";

    public override string Description => "Reads lines of a text file in your folder.";

    public override ToolKind Kind => ToolKind.Read;

    public override ToolRepeat Repeat => ToolRepeat.Safe;

    protected override async Task<ToolResult> RunAsync(ToolArguments args, ToolCall call, CancellationToken cancel)
    {
        var path = SandboxPath.OfFile(args.Need("path"));
        var bytes = await InSandboxAsync(call, sandbox => sandbox.Read(path, out _), cancel);
        if (TextOf(bytes) is not { } text) return new ToolResult($"'{path.Text}' is no text: {bytes.Length} bytes, SHA-256 {EditBook.Hash(bytes)}");
        var lines = text.Split('\n');
        // The end of the last line begins no further one.
        var count = lines.Length > 1 && lines[^1].Length == 0 ? lines.Length - 1 : lines.Length;
        var first = (int)(args.Whole("first_line") ?? 1);
        if (first > count) return ToolResult.Error($"'{path.Text}' has {count} lines; line {first} is behind its end");
        var (shown, last) = Take(call.Agent.Mask, lines, first, (int)Math.Min(args.Whole("lines") ?? MaxLines, count - first + 1));
        var rest = last < count ? $" Go on with first_line {last + 1}." : "";
        return new ToolResult($"Lines {first} to {last} of {count}.{rest}\n{Untrusted.Wrap("file " + path.Text, shown)}");
    }

    /// <summary>As many whole lines as fit into an answer; of a line that does not fit by itself, its beginning.</summary>
    private static (string Text, int Last) Take(Func<string, string> mask, string[] lines, int first, int most)
    {
        var (size, taken) = (0, 0);
        while (taken < most && (taken == 0 || size + lines[first - 1 + taken].Length < Untrusted.MaxText * 3 / 4)) size += lines[first - 1 + taken++].Length + 1;
        return (mask(string.Join('\n', lines, first - 1, taken)), first + taken - 1);
    }
}
