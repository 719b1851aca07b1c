using System.CommandLine;
using System.CommandLine.Completions;
using Skep.Client.Commands.Messages;
using Skep.Client.Reading;
using Skep.Orchestration.Coordination;
using Skep.Orchestration.Hooks;

namespace Skep.Client.Commands.Hooks;

/// <summary><c>skep hooks NAME</c>: one hook, with the flags that the catalog gives it.</summary>
internal sealed class HookVerb : Verb
{
    /// <summary>What the caller asks about must not happen. Coding CLIs know this number.</summary>
    public const int Blocked = 2;

    private readonly CliContext _cli;
    private readonly HookDefinition _hook;
    private readonly List<(HookFlag Flag, Option<string?> Option)> _flags = [];
    private readonly Option<bool> _json = CommonOptions.Json();
    private readonly Option<string?> _dir = CommonOptions.Dir();

    public HookVerb(CliContext cli, HookDefinition hook) : base(hook.Name, hook.Description, $"skep hooks {hook.Name} {hook.Example}".TrimEnd())
    {
        (_cli, _hook) = (cli, hook);
        foreach (var flag in hook.Flags.Concat(HookCatalog.Common.Where(c => hook.Flags.All(f => f.Name != c.Name))).Where(f => f.Name != "json")) AddFlag(flag);
        Add(_json);
        Add(_dir);
        SetAction((parsed, cancel) => RunAsync(parsed, cancel));
    }

    private void AddFlag(HookFlag flag)
    {
        // A switch may stand alone, and documents also write "--export-metrics true".
        var option = new Option<string?>("--" + flag.Name)
        {
            Description = flag.Description,
            HelpName = flag.Kind switch { HookFlagKind.Switch => "true|false", HookFlagKind.Whole => "N", HookFlagKind.Number => "NUMBER", _ => "TEXT" },
            // Required flags are checked where all others are, so that a refused hook says why.
            Arity = flag.Kind == HookFlagKind.Switch || _hook.Missing is not null ? ArgumentArity.ZeroOrOne : ArgumentArity.ExactlyOne,
        };
        if (flag.Kind == HookFlagKind.Switch) option.CompletionSources.Add(_ => [new CompletionItem("true"), new CompletionItem("false")]);
        _flags.Add((flag, option));
        Add(option);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        if (_hook.Missing is { } missing) throw new CliException(ExitCodes.Refused, $"the hook '{_hook.Name}' is not there yet: {missing}");
        var given = _flags.Where(f => parsed.GetResult(f.Option) is { Implicit: false }).Select(f => KeyValuePair.Create(f.Flag.Name, parsed.GetValue(f.Option) ?? ""));
        var flags = HookFlags.Check(_hook, given, out var problem) ?? throw new CliException(ExitCodes.Usage, problem!);
        var json = parsed.GetValue(_json);
        var dir = parsed.GetValue(_dir);
        if (_hook.OnlyLooks) return await LookAsync(flags, dir, json);
        var call = new HookCaller(_cli, _hook, flags) { Folder = HookCaller.FolderOf(_cli, dir) };
        var answer = await call.SendAsync(cancel);
        var code = new HookReport(_cli, _hook, flags, call.Folder).Show(answer, call.Pieces, json);
        // A sign of life from within a task is not asked to show anything.
        if (_hook.Name == "progress" && !json && (Identity.Task(_cli) is null || flags.IsOn("detailed") || flags.IsOn("summary"))) await ShowBoardAsync(flags, dir);
        return code;
    }

    private async Task ShowBoardAsync(HookFlags flags, string? dir)
    {
        await using var runs = OpenRuns.In(_cli, dir);
        var word = flags.Text("run-id") ?? Identity.Run(_cli) ?? (runs.Store.List(1) is [var newest] ? newest.Stream : null);
        var board = Board.Of(runs.Store, word is null ? null : runs.Load(runs.Find(word)), _cli.Time);
        _cli.Out.Write(flags.IsOn("summary") ? BoardText.Summary(board) : BoardText.Of(board, detailed: flags.IsOn("detailed")));
    }

    private async Task<int> LookAsync(HookFlags flags, string? dir, bool json)
    {
        // The list of hooks needs no folder: it is in the program.
        var folder = _hook.Name == "list" ? null : Folders.Find(_cli, dir);
        await using var store = folder is null ? null : SqliteStore.OpenReader(folder);
        try
        {
            return new HookReport(_cli, _hook, flags, folder).Show(HookViews.Of(store, _cli.Time, _hook, flags), [], json);
        }
        catch (RequestException e)
        {
            throw new CliException(ExitCodes.Usage, e.Message);
        }
    }
}
