using System.CommandLine;
using System.Text;
using System.Text.Json;
using Skep.Client.Commands.Hooks;
using Skep.Client.Reading;
using Skep.Client.Terminal;
using Skep.Orchestration.Coordination;

namespace Skep.Client.Commands.Messages;

/// <summary><c>skep board</c>: how far the work is, who does what, and what waits.</summary>
internal sealed class BoardCommand : Verb
{
    private readonly CliContext _cli;
    private readonly Argument<string?> _run;
    private readonly Option<string?> _dir = CommonOptions.Dir();
    private readonly Option<bool> _json = CommonOptions.Json();

    public BoardCommand(CliContext cli) : base("board", "Shows how far the work is: phases, who works on what, gates, messages that wait, claims.", "skep board", "skep board last --json")
    {
        _cli = cli;
        _run = RunArguments.OptionalRun(cli, "The newest unless given.");
        Add(_run);
        Add(_dir);
        Add(_json);
        SetAction((parsed, _) => RunAsync(parsed));
    }

    private async Task<int> RunAsync(ParseResult parsed)
    {
        await using var runs = OpenRuns.In(_cli, parsed.GetValue(_dir));
        var word = parsed.GetValue(_run) ?? Identity.Run(_cli);
        var state = word is not null ? runs.Load(runs.Find(word)) : runs.Store.List(1) is [var newest] ? runs.Load(newest.Stream) : null;
        var board = Board.Of(runs.Store, state, _cli.Time);
        _cli.Out.Write(parsed.GetValue(_json) ? FamilyCalls.Text(board) : BoardText.Of(board));
        return ExitCodes.Ok;
    }
}

/// <summary>The board as text.</summary>
internal static class BoardText
{
    private const int BarCells = 20;
    private const int NameCells = 24;
    private const int LineCells = 160;

    /// <summary>The text.</summary>
    public static string Of(JsonElement board, bool detailed = true)
    {
        var text = new StringBuilder();
        if (HookText.Get(board, "run") is { Length: > 0 } run) text.Append($"{PlainLine.Clean(run)}  {HookText.Get(board, "status")}\n");
        foreach (var phase in Items(board, "phases")) Line(text, Phase(phase));
        if (!detailed) return text.Length == 0 ? "no run yet\n" : text.ToString();
        Part(text, board, "working", "At work", w => $"{HookText.Get(w, "agent")}  {HookText.Get(w, "task")}{(HookText.Get(w, "last") is { Length: > 0 } last ? $"  {last}" : "")}");
        Part(text, board, "gates", "Gates", g => $"{HookText.Get(g, "gate")}  {HookText.Get(g, "status")}{(HookText.Get(g, "reason") is { Length: > 0 } why ? $"  {why}" : "")}");
        Part(text, board, "waiting", "Messages waiting", w => $"{HookText.Get(w, "agent")}  {HookText.Get(w, "unread")}");
        Part(text, board, "claims", "Claims", HookText.ClaimLine);
        return text.Length == 0 ? "nothing is going on\n" : text.ToString();
    }

    /// <summary>All phases together, on one line.</summary>
    public static string Summary(JsonElement board)
    {
        if (HookText.Get(board, "run") is not { Length: > 0 } run) return "no run yet\n";
        int Sum(params string[] names) => Items(board, "phases").Sum(p => names.Sum(n => p.GetProperty(n).GetInt32()));
        return $"{PlainLine.Clean(run)}  {HookText.Get(board, "status")}  {Sum("succeeded", "failed", "skipped")}/{Sum("total")} done, {Sum("running")} running, {Sum("failed")} failed\n";
    }

    private static string Phase(JsonElement phase)
    {
        int N(string name) => phase.GetProperty(name).GetInt32();
        var (total, done, running) = (N("total"), N("succeeded") + N("failed") + N("skipped"), N("running"));
        var full = total == 0 ? 0 : done * BarCells / total;
        var half = total == 0 ? 0 : Math.Min(BarCells - full, (running * BarCells + total - 1) / total);
        var bar = new string('█', full) + new string('▒', half) + new string('·', BarCells - full - half);
        return $"{PlainLine.Pad(PlainLine.Clean(HookText.Get(phase, "title")), NameCells)} {bar} {done}/{total}{(running > 0 ? $", {running} running" : "")}{(N("failed") > 0 ? $", {N("failed")} failed" : "")}{(N("skipped") > 0 ? $", {N("skipped")} skipped" : "")}";
    }

    private static void Part(StringBuilder text, JsonElement board, string member, string title, Func<JsonElement, string> line)
    {
        var items = Items(board, member).ToList();
        if (items.Count == 0) return;
        text.Append(title).Append(":\n");
        foreach (var item in items) Line(text, "  " + line(item));
    }

    private static JsonElement.ArrayEnumerator Items(JsonElement board, string member) => board.TryGetProperty(member, out var list) ? list.EnumerateArray() : default;

    private static void Line(StringBuilder text, string line) => text.Append(PlainLine.Fit(PlainLine.Clean(line), LineCells)).Append('\n');
}
