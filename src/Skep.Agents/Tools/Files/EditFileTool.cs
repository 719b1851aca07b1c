using System.Text;

namespace Skep.Agents.Tools;

/// <summary><c>edit_file</c>: replaces exact text in a file.</summary>
internal sealed class EditFileTool(EditBook book) : FileTool(Schema)
{
    private const string Schema = """
        {"type":"object","properties":{
        "path":{"type":"string","minLength":1,"maxLength":1024,"description":"File, relative to your folder"},
        "old_text":{"type":"string","minLength":1,"maxLength":200000,"description":"Exactly what is to be replaced, with blanks and line ends; it must occur once"},
        "new_text":{"type":"string","maxLength":200000,"description":"What to put there"},
        "replace_all":{"type":"boolean","description":"Replace every occurrence; default false"}},
        "required":["path","old_text","new_text"],"additionalProperties":false}
        """;

    public override string Name => "edit_file";

    public override string Description => "Replaces exact text in a text file of your folder. Read the file first.";

    public override ToolKind Kind => ToolKind.Write;

    public override ToolRepeat Repeat => ToolRepeat.Keyed;

    protected override async Task<ToolResult> RunAsync(ToolArguments args, ToolCall call, CancellationToken cancel)
    {
        var path = SandboxPath.OfFile(args.Need("path"));
        if (ProtectedNames.ForWriting(path) is { } closed) throw new ToolRefusal(closed);
        var earlier = book.Earlier(call);
        if (earlier is { Done: true }) return new ToolResult($"Edited '{path.Text}'.");

        var (bytes, facts, file) = await InSandboxAsync(call, sandbox => (sandbox.Read(path, out var found), found, sandbox.FullPath(path)), cancel);
        var before = EditBook.Hash(bytes);
        if (earlier is not null && earlier.After == before) return await DoneAsync(call, path, file, [], 0);
        if (earlier is not null && earlier.Before != before)
            throw new ToolRefusal($"'{path.Text}' was changed by somebody else, and it is not known whether this edit took place before that: read it again");

        var (content, count) = Replace(args, path, TextOf(bytes) ?? throw new ToolRefusal($"'{path.Text}' is no text ({bytes.Length} bytes) and cannot be edited"), call.Agent.Mask);
        var notes = await book.AskAsync(call, file, cancel);
        await book.IntendAsync(call, file, before, EditBook.Hash(content), cancel);
        await InSandboxAsync(
            call,
            sandbox =>
            {
                sandbox.Write(path, content, RequestKey.Hash(call), facts);
                return true;
            },
            cancel);
        return await DoneAsync(call, path, file, notes, count);
    }

    private async Task<ToolResult> DoneAsync(ToolCall call, SandboxPath path, string file, IReadOnlyList<string> notes, int count)
    {
        // Whatever is asked of us now, the file is written and has to be recorded.
        var more = await book.DoneAsync(call, file, "edit", CancellationToken.None);
        return new ToolResult($"Edited '{path.Text}'{(count > 1 ? $" in {count} places" : "")}.".With([.. notes, .. more]));
    }

    private static (byte[] Content, int Count) Replace(ToolArguments args, SandboxPath path, string text, Func<string, string> mask)
    {
        var (old, replacement) = (args.Need("old_text"), mask(args.Need("new_text")));
        if (old == args.Need("new_text")) throw new ToolRefusal("'old_text' and 'new_text' are the same: nothing would change");
        var count = Count(text, old);
        // Models see and write plain line ends, whatever the file has.
        if (count == 0 && text.Contains("\r\n", StringComparison.Ordinal) && old.Contains('\n'))
        {
            (old, replacement) = (Windows(old), Windows(replacement));
            count = Count(text, old);
        }

        if (count == 0) throw new ToolRefusal($"'{path.Text}' does not hold 'old_text': read it again and copy the text exactly; characters that are not shown, and masked ones (***), cannot be matched");
        if (count > 1 && !args.Flag("replace_all")) throw new ToolRefusal($"'{path.Text}' holds 'old_text' {count} times: give more of the text around it, or set replace_all");
        return (Encoding.UTF8.GetBytes(text.Replace(old, replacement, StringComparison.Ordinal)), count);
    }

    private static string Windows(string text) => text.ReplaceLineEndings("\n").Replace("\n", "\r\n", StringComparison.Ordinal);

    private static int Count(string text, string part)
    {
        var count = 0;
        for (var at = text.IndexOf(part, StringComparison.Ordinal); at >= 0; at = text.IndexOf(part, at + part.Length, StringComparison.Ordinal)) count++;
        return count;
    }
}
