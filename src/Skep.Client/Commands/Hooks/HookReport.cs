using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Skep.Client.Terminal;
using Skep.Orchestration.Hooks;

namespace Skep.Client.Commands.Hooks;

/// <summary>Shows what a hook answered: results on standard output, everything to be heeded on standard error.</summary>
internal sealed class HookReport(CliContext cli, HookDefinition hook, HookFlags flags, SkepFolder? folder)
{
    /// <summary>Shows it and returns the exit code.</summary>
    public int Show(JsonElement answer, IReadOnlyList<JsonElement> pieces, bool json)
    {
        Heed(answer);
        var file = WriteFile(answer, pieces);
        if (json) cli.Out.Write(FamilyCalls.Text(answer));
        else if (hook.Name == "list") cli.Out.Write(Catalog(answer));
        else if (hook.Name == "statusline") cli.Out.Write(StatusLine(answer));
        else cli.Out.Write(HookText.Of(answer));
        if (file is not null && !json) cli.Out.WriteLine($"written: {PlainLine.Clean(file)}");
        return HookText.Get(answer, "verdict") == "block" ? HookVerb.Blocked : ExitCodes.Ok;
    }

    private void Heed(JsonElement answer)
    {
        if (HookText.Get(answer, "reason") is { Length: > 0 } reason) cli.Error.WriteLine($"blocked: {PlainLine.Clean(reason)}");
        if (answer.TryGetProperty("notes", out var notes))
            foreach (var note in notes.EnumerateArray()) cli.Error.WriteLine($"note: {PlainLine.Clean(note.GetString())}");
        if (!answer.TryGetProperty("notActedOn", out var idle)) return;
        foreach (var flag in idle.EnumerateArray()) cli.Error.WriteLine($"not acted on: {HookText.Get(flag, "flag")} ({HookText.Get(flag, "why")}); it was recorded");
    }

    /// <summary>Writes metrics or an export; returns where, or null when nothing was to be written.</summary>
    private string? WriteFile(JsonElement answer, IReadOnlyList<JsonElement> pieces)
    {
        if (hook.Name == "session-export") return Export(answer, pieces);
        if (!answer.TryGetProperty("metrics", out var metrics) || folder is null) return null;
        return Save(flags.Text("output") ?? Path.Combine(folder.Root, "sessions", FileName(HookText.Get(metrics, "session")) + "-metrics.json"), FamilyCalls.Text(metrics));
    }

    private string? Export(JsonElement answer, IReadOnlyList<JsonElement> pieces)
    {
        var text = Whole(answer, pieces);
        if (flags.Text("output") is { } output) return Save(output, text);
        cli.Out.Write(text);
        return null;
    }

    private string Save(string given, string text)
    {
        var path = cli.FullPath(given);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CliException(ExitCodes.Storage, $"the facts are recorded, but '{given}' cannot be written: {e.Message}; choose another --output");
        }

        return path;
    }

    private static string Whole(JsonElement answer, IReadOnlyList<JsonElement> pieces)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            foreach (var name in new[] { "session", "metrics" })
                if (answer.TryGetProperty(name, out var part))
                {
                    json.WritePropertyName(name);
                    part.WriteTo(json);
                }

            json.WriteStartArray("facts");
            foreach (var fact in pieces.SelectMany(p => p.GetProperty("facts").EnumerateArray())) fact.WriteTo(json);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length) + "\n";
    }

    private static string Catalog(JsonElement answer)
    {
        var text = new StringBuilder();
        foreach (var entry in answer.GetProperty("catalog").EnumerateArray())
            text.Append($"{(HookText.Get(entry, "enabled") == "true" ? " " : "-")} {HookText.Get(entry, "name"),-18}{HookText.Get(entry, "group"),-9}{HookText.Get(entry, "description").Split(". ")[0].TrimEnd('.')}\n");
        return text.Append("'skep hooks NAME --help' tells the flags; hooks marked with - are refused.\n").ToString();
    }

    private string StatusLine(JsonElement s)
    {
        string N(string name) => HookText.Get(s, name);
        if (flags.IsOn("compact")) return $"{N("runsOpen")}/{N("sessionsOpen")}/{N("unread")}\n";
        return $"skep: {N("runsOpen")} runs, {N("sessionsOpen")} sessions, {N("unread")} messages{(flags.IsOn("full") ? $", {N("editsToday")} edits today, {N("claims")} claims" : "")}\n";
    }

    private static string FileName(string id)
    {
        var name = string.Concat(id.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' ? c : '-')).Trim('.');
        return name.Length == 0 ? "session" : name[..Math.Min(name.Length, 100)];
    }
}
