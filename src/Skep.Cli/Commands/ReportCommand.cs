using System.CommandLine;
using System.Diagnostics;
using Skep.Cli.Reporting;

namespace Skep.Cli.Commands;

/// <summary><c>skep report</c>: writes what came of a run as a page or as text.</summary>
internal sealed class ReportCommand : Verb
{
    private readonly CliContext _cli;
    private readonly Argument<string> _run;
    private readonly Option<string?> _out = new("--out", "-o") { Description = "A folder for both forms, a file that ends in .html or .md, or '-' for standard output. The run's folder unless given.", HelpName = "PATH" };
    private readonly Option<string?> _format = new("--format") { Description = "html or md; both unless given.", HelpName = "html|md" };
    private readonly Option<bool> _open = new("--open") { Description = "Open the page in a browser." };
    private readonly Option<string?> _dir = CommonOptions.Dir();

    public ReportCommand(CliContext cli)
        : base("report", "Writes a report of a run. It tells what took how long and why, what failed, and what the gates found; finished or not.", "skep report last", "skep report last --out report.html", "skep report last --format md --out -")
    {
        _cli = cli;
        _run = RunArguments.Run(cli);
        _format.AcceptOnlyFromAmong("html", "md");
        Add(_run);
        foreach (var option in new Option[] { _out, _format, _open, _dir }) Add(option);
        SetAction((parsed, _) => WriteAsync(parsed));
    }

    private async Task<int> WriteAsync(ParseResult parsed)
    {
        await using var runs = OpenRuns.In(_cli, parsed.GetValue(_dir));
        var state = runs.Load(runs.Find(parsed.GetValue(_run)!));
        var files = new ReportFiles(_cli, runs.Store, runs.Blobs);
        var (target, format) = (parsed.GetValue(_out), parsed.GetValue(_format));
        if (target == "-")
        {
            var report = files.Build(state);
            await _cli.Out.WriteAsync(format == "md" ? report.ToMarkdown() : report.ToHtml());
            return ExitCodes.Ok;
        }

        var written = Write(files, state, target is null ? state.Info!.RunDirectory : _cli.FullPath(target), format);
        foreach (var path in written) await _cli.Out.WriteLineAsync(path);
        if (parsed.GetValue(_open)) Open(written[0]);
        return ExitCodes.Ok;
    }

    private static IReadOnlyList<string> Write(ReportFiles files, RunState state, string target, string? format)
    {
        var ending = Path.GetExtension(target).ToUpperInvariant() switch { ".HTML" or ".HTM" => "html", ".MD" => "md", _ => null };
        if (ending is null || Directory.Exists(target)) return WriteInto(files, state, target, format);
        if (format is not null && format != ending) throw new CliException(ExitCodes.Usage, $"'{target}' is not a file for --format {format}; leave --format away, or name a .{format} file");
        var report = files.Build(state);
        File.WriteAllText(target, ending == "md" ? report.ToMarkdown() : report.ToHtml());
        return [target];
    }

    private static IReadOnlyList<string> WriteInto(ReportFiles files, RunState state, string folder, string? format)
    {
        Directory.CreateDirectory(folder);
        var (page, text) = (Path.Combine(folder, ReportFiles.Html), Path.Combine(folder, ReportFiles.Markdown));
        var report = files.Build(state);
        if (format is null or "html") File.WriteAllText(page, report.ToHtml());
        if (format is null or "md") File.WriteAllText(text, report.ToMarkdown());
        return format switch { "html" => [page], "md" => [text], _ => [page, text] };
    }

    private void Open(string path)
    {
        try
        {
            using var browser = Process.Start(new ProcessStartInfo(path) { UseShellExecute = true });
        }
        catch (Exception e) when (e is System.ComponentModel.Win32Exception or InvalidOperationException or FileNotFoundException)
        {
            _cli.Error.WriteLine($"warning: no program opens {path}: {e.Message}");
        }
    }
}
