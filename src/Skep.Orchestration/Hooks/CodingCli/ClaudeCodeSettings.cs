using System.Text;
using System.Text.Json;

namespace Skep.Orchestration.Hooks;

/// <summary>
/// Puts our hooks into the text of Claude Code's settings and takes them out again. No byte that is not ours changes: the user's hooks,
/// keys, order, indentation and line ends stay, and <see cref="Uninstall"/> after <see cref="Install"/> gives back the text as it was.
/// Files with comments are refused, because Claude Code itself ignores such a file.
/// </summary>
public static class ClaudeCodeSettings
{
    /// <summary>Largest settings file, in bytes.</summary>
    public const int MaxBytes = 1024 * 1024;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Adds our hooks, or renews them when they call another program. Twice is the same as once.</summary>
    /// <param name="existing">The settings; null when there is no file.</param>
    /// <param name="programPath">The <c>skep</c> or <c>skepc</c> program to call, best with its full path.</param>
    /// <exception cref="CodingCliFormatException">The settings cannot be read, or have something else where hooks belong.</exception>
    public static string Install(string? existing, string programPath)
    {
        var wanted = ClaudeCodeHooks.For(ClaudeCodeHooks.CommandOf(programPath));
        if (existing is not null && Ours(existing).SequenceEqual(wanted.OrderBy(hook => hook.Event, StringComparer.Ordinal))) return existing;

        var clean = existing is null ? null : Uninstall(existing);
        if (clean is null) return new ClaudeCodeHookWriter("\n", "  ").File(wanted) + "\n";
        var json = Bytes(clean, out var prefix);
        if (IsBlank(json)) return clean + new ClaudeCodeHookWriter(NewLineOf(json), "  ").File(wanted);
        return prefix + Encoding.UTF8.GetString(Add(json, wanted));
    }

    /// <summary>Takes our hooks out. Null means that nothing but ours was in it, so the file can go.</summary>
    /// <exception cref="CodingCliFormatException">The settings cannot be read.</exception>
    public static string? Uninstall(string existing)
    {
        var json = Bytes(existing, out var prefix);
        if (IsBlank(json)) return existing;
        for (var root = Root(json); Find(root) is { } place; root = Root(json))
        {
            if (IsWhollyOurs(json, root, place)) return IsBlankFileBefore(json, root) ? prefix + Encoding.UTF8.GetString(json, 0, root.Start) : null;
            json = Remove(json, root, place);
        }

        return prefix + Encoding.UTF8.GetString(json);
    }

    /// <summary>The events that our hooks are installed for, in order of their names.</summary>
    /// <exception cref="CodingCliFormatException">The settings cannot be read.</exception>
    public static IReadOnlyList<string> InstalledEvents(string existing) => [.. Ours(existing).Select(hook => hook.Event).Distinct(StringComparer.Ordinal)];

    /// <summary>Whether the settings turn all hooks off (<c>disableAllHooks</c>), ours too.</summary>
    /// <exception cref="CodingCliFormatException">The settings cannot be read.</exception>
    public static bool HooksAreDisabled(string existing)
    {
        var json = Bytes(existing, out _);
        return !IsBlank(json) && Root(json)["disableAllHooks"]?.Value.Kind == JsonTokenType.True;
    }

    private static byte[] Add(byte[] json, List<ClaudeCodeHook> wanted)
    {
        var root = Root(json);
        var writer = new ClaudeCodeHookWriter(NewLineOf(json), UnitOf(json, root));
        if (root["hooks"] is not { } hooks) return JsonEdit.Append(json, root, indent => writer.All(wanted, indent));

        foreach (var hook in wanted) CheckShape(root, hook.Event);
        foreach (var hook in wanted)
        {
            hooks = Root(json)["hooks"]!;
            json = hooks.Value[hook.Event] is { } list
                ? JsonEdit.Append(json, list.Value, indent => writer.Group(hook, indent))
                : JsonEdit.Append(json, hooks.Value, indent => writer.Event(hook, indent));
        }

        return json;
    }

    // Everything is checked before anything is changed.
    private static void CheckShape(JsonText root, string eventName)
    {
        if (root.Parts.Count(part => part.Key == "hooks") > 1)
            throw new CodingCliFormatException("the settings have the key \"hooks\" twice: keep one of them");
        var hooks = root["hooks"]!.Value;
        if (!hooks.IsObject)
            throw new CodingCliFormatException("the settings' \"hooks\" is no object: make it one, such as \"hooks\": {}, or take it out");
        if (hooks.Parts.Count(part => part.Key == eventName) > 1)
            throw new CodingCliFormatException($"the settings' \"hooks\" have the key \"{eventName}\" twice: keep one of them");
        if (hooks[eventName] is { Value.IsArray: false })
            throw new CodingCliFormatException($"the settings' \"hooks.{eventName}\" is no list: make it one, such as \"{eventName}\": [], or take it out");
    }

    /// <summary>Where one of our hooks stands: at an index of an event's list, alone (<c>Hook</c> null) or among the user's.</summary>
    private sealed record Place(JsonText Hooks, JsonText List, int Group, int? Hook);

    private static Place? Find(JsonText root) => Places(root).FirstOrDefault();

    private static IEnumerable<Place> Places(JsonText root)
    {
        foreach (var hooks in root.Parts.Where(part => part.Key == "hooks" && part.Value.IsObject).Select(part => part.Value))
            foreach (var list in hooks.Parts.Where(part => part.Value.IsArray).Select(part => part.Value))
                for (var group = 0; group < list.Parts.Count; group++)
                {
                    var value = list.Parts[group].Value;
                    if (ClaudeCodeHooks.IsOurGroup(value)) yield return new Place(hooks, list, group, null);
                    else if (value["hooks"]?.Value is { IsArray: true } entries && entries.Parts.FindIndex(entry => ClaudeCodeHooks.IsOurHook(entry.Value)) is >= 0 and var hook)
                        yield return new Place(hooks, list, group, hook);
                }
    }

    private static byte[] Remove(byte[] json, JsonText root, Place place)
    {
        if (place.Hook is { } hook) return JsonEdit.Remove(json, place.List.Parts[place.Group].Value["hooks"]!.Value, hook);
        if (!CameAlone(json, place.List)) return JsonEdit.Remove(json, place.List, place.Group);
        if (!CameAlone(json, place.Hooks)) return JsonEdit.Remove(json, place.Hooks, place.Hooks.Parts.FindIndex(part => part.Value == place.List));
        return JsonEdit.Remove(json, root, root.Parts.FindIndex(part => part.Value == place.Hooks));
    }

    /// <summary>Whether a container came with its only part, and so goes with it.</summary>
    private static bool CameAlone(byte[] json, JsonText container) => container.Parts.Count == 1 && JsonEdit.StartsOnNewLine(json, container);

    private static bool IsWhollyOurs(byte[] json, JsonText root, Place place) =>
        place.Hook is null && CameAlone(json, place.List) && CameAlone(json, place.Hooks) && CameAlone(json, root);

    // A file that was empty got no line end from us; one that we created did.
    private static bool IsBlankFileBefore(byte[] json, JsonText root) => root.End == json.Length;

    private static IEnumerable<ClaudeCodeHook> Ours(string existing)
    {
        var json = Bytes(existing, out _);
        if (IsBlank(json)) return [];
        return Root(json)["hooks"]?.Value is { IsObject: true } hooks
            ? hooks.Parts.Where(part => part.Value.IsArray).SelectMany(OursIn).OrderBy(hook => hook.Event, StringComparer.Ordinal)
            : [];
    }

    private static IEnumerable<ClaudeCodeHook> OursIn(JsonPart list) =>
        from part in list.Value.Parts
        let entries = part.Value["hooks"]?.Value
        where entries is { IsArray: true }
        from entry in entries.Parts
        where ClaudeCodeHooks.IsOurHook(entry.Value)
        select new ClaudeCodeHook(list.Key!, part.Value["matcher"]?.Value.Text, entry.Value["command"]!.Value.Text!, entry.Value["timeout"]?.Value.Text);

    private static JsonText Root(byte[] json)
    {
        try
        {
            var root = JsonText.Parse(json);
            return root.IsObject ? root : throw new CodingCliFormatException("the settings are no JSON object: begin them with { and end them with }");
        }
        catch (JsonException wrong)
        {
            throw new CodingCliFormatException($"the settings are not strict JSON at line {wrong.LineNumber + 1}: correct it there (Claude Code accepts no comments and no trailing commas either)", wrong);
        }
    }

    private static byte[] Bytes(string text, out string prefix)
    {
        prefix = text.StartsWith('\uFEFF') ? "\uFEFF" : "";
        try
        {
            var json = Strict.GetBytes(text, prefix.Length, text.Length - prefix.Length);
            return json.Length <= MaxBytes ? json
                : throw new CodingCliFormatException($"the settings have {json.Length} bytes; at most {MaxBytes} are read (MaxBytes)");
        }
        catch (EncoderFallbackException wrong)
        {
            throw new CodingCliFormatException("the settings hold half of a surrogate pair: save them as UTF-8", wrong);
        }
    }

    private static bool IsBlank(byte[] json) => json.AsSpan().IndexOfAnyExcept(" \t\r\n"u8) < 0;

    private static string NewLineOf(byte[] json)
    {
        var end = Array.IndexOf(json, (byte)'\n');
        return end > 0 && json[end - 1] == '\r' ? "\r\n" : "\n";
    }

    /// <summary>One step of the file's indentation: what its first key stands behind, or two spaces.</summary>
    private static string UnitOf(byte[] json, JsonText root) =>
        JsonEdit.StartsOnNewLine(json, root) && JsonEdit.IndentOfLine(json, root.Parts[0].Start) is { Length: > 0 } unit ? unit : "  ";
}
