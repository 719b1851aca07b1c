using System.CommandLine;
using System.Globalization;
using System.Text;

namespace Skep.Client.Commands.Memory;

/// <summary><c>skep memory map</c>.</summary>
internal sealed class MemoryMapCommand : Verb
{
    private readonly CliContext _cli;
    private readonly Argument<string?> _prefix = new("PREFIX") { Description = "Only these entries: a namespace, or the beginning of paths.", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string> _output = new("--output", "-o") { Description = "The file: a page that can be searched (.html) or a picture (.svg).", HelpName = "FILE", DefaultValueFactory = static _ => "memory-map.html" };
    private readonly Option<int?> _limit = new("--limit", "-l") { Description = "Most entries to show (2000 unless given); of more an even choice, the same each time.", HelpName = "N" };
    private readonly Option<bool> _json = CommonOptions.Json();
    private readonly Option<string?> _dir = CommonOptions.Dir();

    public MemoryMapCommand(CliContext cli)
        : base("map", "Draws entries on a plane by their vectors: what is alike lies together, as far as two directions can show.", "skep memory map", "skep memory map notes --output notes.svg", "skep memory map notes --json")
    {
        _cli = cli;
        Add(_prefix);
        foreach (var option in new Option[] { _output, _limit, _json, _dir }) Add(option);
        SetAction(MapAsync);
    }

    private async Task<int> MapAsync(ParseResult parsed, CancellationToken cancel)
    {
        var (prefix, file) = (parsed.GetValue(_prefix), parsed.GetValue(_output)!);
        var isPicture = file.EndsWith(".svg", StringComparison.OrdinalIgnoreCase);
        if (!isPicture && !file.EndsWith(".html", StringComparison.OrdinalIgnoreCase)) throw new CliException(ExitCodes.Usage, $"'{file}' must end in .html or .svg");
        var map = await MemoryCalls.In(_cli, parsed.GetValue(_dir)).LongAsync(MemoryOps.Map, new MemoryMapArgs(prefix, parsed.GetValue(_limit)), MemoryJson.Default.MemoryMapArgs, MemoryJson.Default.MemoryMapMessage, cancel);
        foreach (var note in map.Notes ?? []) _cli.Error.WriteLine(note);
        if (parsed.GetValue(_json))
        {
            _cli.Out.WriteLine(MemoryText.Json(map, MemoryJson.Default.MemoryMapMessage));
            return ExitCodes.Ok;
        }

        var page = isPicture ? MemoryMapPage.Picture(map, prefix) : MemoryMapPage.Html(map, prefix);
        Files.Replace(_cli, file, stream =>
        {
            stream.Write(Encoding.UTF8.GetBytes(page));
            return true;
        });
        _cli.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{map.Points.Count} of {map.Total} entries drawn to {file}; two directions show {100 * (map.ShareX + map.ShareY):0} % of how their vectors ({map.Model}) vary"));
        return ExitCodes.Ok;
    }
}
