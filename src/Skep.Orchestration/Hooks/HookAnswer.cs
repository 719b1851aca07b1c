using System.Text.Json;

namespace Skep.Orchestration.Hooks;

/// <summary>What a hook answers, being put together.</summary>
internal sealed class HookAnswer(HookCall call)
{
    private readonly List<string> _notes = [];
    private readonly List<Action<Utf8JsonWriter>> _sections = [];
    private string? _blocked;
    private FactRecorded? _fact;
    private IReadOnlyList<HookOutcome> _outcomes = [];

    /// <summary>Whether what the caller asks about must not happen.</summary>
    public bool Blocks => _blocked is not null;

    /// <summary>Why it must not happen, or null.</summary>
    public string? Reason => _blocked;

    /// <summary>Says no; the first reason counts.</summary>
    public void Block(string reason) => _blocked ??= reason;

    /// <summary>Something that the caller should read.</summary>
    public void Note(string note) => _notes.Add(note);

    /// <summary>The fact that was recorded.</summary>
    public void Recorded(FactRecorded fact) => _fact = fact;

    /// <summary>What the plans' hooks said.</summary>
    public void Heard(IReadOnlyList<HookOutcome> outcomes)
    {
        _outcomes = outcomes;
        if (outcomes.FirstOrDefault(o => o.Blocks) is { } blocking) Block($"the plan's {blocking.Event} hook '{blocking.Command}' forbids it{(blocking.Text.Length == 0 ? "" : ": " + blocking.Text)}");
    }

    /// <summary>More members of the answer.</summary>
    public void Add(Action<Utf8JsonWriter> section) => _sections.Add(section);

    public JsonElement ToJson() => JsonBuild.Object(json =>
    {
        json.WriteString("hook", call.Hook.Name);
        if (_fact is { } fact)
        {
            json.WriteNumber("seq", fact.Seq);
            if (!fact.IsNew) json.WriteBoolean("repeated", true);
        }

        json.WriteString("verdict", Blocks ? "block" : "allow");
        json.Maybe("reason", _blocked);
        if (_notes.Count > 0) json.List("notes", _notes);
        if (call.Flags.NotActedOn(call.Hook).ToList() is { Count: > 0 } idle)
        {
            json.List("notActedOn", idle, static (j, f) =>
            {
                j.WriteString("flag", "--" + f.Name);
                j.WriteString("why", f.NotActedOn);
            });
        }

        if (_outcomes.Count > 0) json.List("hooks", _outcomes, WriteOutcome);
        foreach (var section in _sections) section(json);
    });

    private static void WriteOutcome(Utf8JsonWriter json, HookOutcome outcome)
    {
        json.WriteString("event", outcome.Event);
        json.WriteString("command", outcome.Command);
        json.Maybe("exitCode", outcome.ExitCode);
        json.WriteBoolean("blocks", outcome.Blocks);
        json.WriteString("text", outcome.Text);
        json.WriteNumber("ms", (long)outcome.Elapsed.TotalMilliseconds);
    }
}
