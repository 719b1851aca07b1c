using System.Text;
using Skep.Plans;

namespace Skep.Agents.Tools;

/// <summary><c>search_files</c>: lines that hold a text.</summary>
internal sealed class SearchFilesTool() : FileTool(Schema)
{
    /// <summary>Most lines of one answer.</summary>
    public const int MaxFound = 200;

    /// <summary>Longest piece of a line that is shown, in characters.</summary>
    public const int MaxLine = 300;

    /// <summary>Largest file that is searched, in bytes.</summary>
    public const int MaxFileBytes = 1024 * 1024;

    /// <summary>Most bytes that one search reads.</summary>
    public const long MaxTotalBytes = 64L * 1024 * 1024;

    private const string Schema = """
        {"type":"object","properties":{
        "text":{"type":"string","minLength":1,"maxLength":200,"description":"What to look for: plain text, no pattern"},
        "path":{"type":"string","maxLength":1024,"description":"Folder to search, relative to yours; default your folder"},
        "files":{"type":"string","minLength":1,"maxLength":128,"description":"Glob of the files to search, such as 'src/**/*.cs'; default all"},
        "ignore_case":{"type":"boolean","description":"Whether 'a' also finds 'A'; default false"}},
        "required":["text"],"additionalProperties":false}
        """;

    public override string Name => "search_files";

    public override string Description => "Finds lines that hold a text, in the files of a folder and all beneath.";

    public override ToolKind Kind => ToolKind.Read;

    public override ToolRepeat Repeat => ToolRepeat.Safe;

    protected override async Task<ToolResult> RunAsync(ToolArguments args, ToolCall call, CancellationToken cancel)
    {
        var path = SandboxPath.Parse(args.Text("path") is { Length: > 0 } given ? given : ".");
        if (path.Names.Any(ProtectedNames.IsClosed)) throw new ToolRefusal($"'{path.Text}' is closed to tools");
        var search = new Search(args.Need("text"), args.Text("files") is { } glob ? Glob.Normalise(glob) : null, args.Flag("ignore_case"), call.Agent.Mask);
        await InSandboxAsync(
            call,
            sandbox =>
            {
                var walk = new SandboxWalk(search.Visit, SandboxPath.MaxDepth, cancel);
                walk.Run(sandbox, path);
                search.Incomplete ??= walk.Incomplete;
                return true;
            },
            cancel);
        var summary = $"{search.Found} lines found in {search.Files} files that were searched.{(search.Skipped > 0 ? $" {search.Skipped} files were passed over: closed, linked, too large or no text." : "")}{(search.Incomplete is { } why ? $" Incomplete: {why}." : "")}";
        return new ToolResult(search.Found == 0 ? summary : $"{summary}\n{Untrusted.Wrap("search", search.Lines.ToString())}");
    }

    private sealed class Search(string text, string? glob, bool ignoreCase, Func<string, string> mask)
    {
        private readonly StringComparison _comparison = ignoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        private long _room = MaxTotalBytes;

        public StringBuilder Lines { get; } = new();

        public int Found { get; private set; }

        public int Files { get; private set; }

        public int Skipped { get; private set; }

        public string? Incomplete { get; set; }

        public bool Visit(SandboxEntry entry)
        {
            if (entry.Facts.Kind is FileKind.Folder || (glob is not null && !Glob.IsMatch(glob, entry.Path.Text))) return true;
            if (Read(entry) is not { } content)
            {
                Skipped++;
                return true;
            }

            Files++;
            _room -= entry.Facts.Size;
            if (_room < 0) return Stop($"{MaxTotalBytes} bytes were read; name a folder further down");
            return Look(entry.Path.Text.Replace('\n', '?'), content);
        }

        private static string? Read(SandboxEntry entry)
        {
            if (entry.Facts is not { Kind: FileKind.File, Links: 1, Size: <= MaxFileBytes } || ProtectedNames.ForReading(entry.Path) is not null) return null;
            try
            {
                return FileTool.TextOf(FileSandbox.ReadIn(entry.Folder, entry.Path, out _, MaxFileBytes));
            }
            catch (ToolRefusal)
            {
                return null; // It became something else meanwhile, or may not be read.
            }
        }

        private bool Look(string path, string content)
        {
            var number = 0;
            foreach (var range in content.AsSpan().Split('\n'))
            {
                number++;
                if (content.AsSpan(range).IndexOf(text, _comparison) < 0) continue;
                if (Found == MaxFound || Lines.Length > Untrusted.MaxText * 3 / 4) return Stop($"only the first {Found} lines are shown; look for something longer");
                Found++;
                Lines.Append(path).Append(':').Append(number).Append(": ").Append(Shown(mask(content[range]))).Append('\n');
            }

            return true;
        }

        /// <summary>The part of a line around what was looked for. Of the masked line: half a secret would not be recognised.</summary>
        private ReadOnlySpan<char> Shown(string line)
        {
            var begin = Math.Max(0, Math.Min(line.IndexOf(text, _comparison) - 80, line.Length - MaxLine));
            return line.AsSpan(begin, Math.Min(MaxLine, line.Length - begin));
        }

        private bool Stop(string why)
        {
            Incomplete = why;
            return false;
        }
    }
}
