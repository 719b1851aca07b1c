using System.Text.RegularExpressions;

namespace Skep.Testing;

/// <summary>Which rule answers. Thread-safe: rules that count uses are asked one request at a time.</summary>
internal sealed class RuleBook(Script script)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(int Rule, string Scope), int> _uses = [];

    /// <summary>Finds the rule for a request and counts its use.</summary>
    /// <exception cref="WireRefusal">There is none; the message says why for each.</exception>
    public Ruling Find(ModelRequest request)
    {
        List<string> misfits = [];
        for (var i = 0; i < script.Rules.Count; i++)
        {
            var rule = script.Rules[i];
            var captures = Fits(rule, request, out var misfit);
            if (captures is not null && Use(i, rule, request)) return new Ruling(rule, captures);
            misfits.Add($"{rule.Name}: {misfit ?? "used up"}");
        }

        var why = misfits.Count == 0 ? "it has no rules" : string.Join("; ", misfits);
        throw WireRefusal.Invalid(
            $"script '{script.Name}': no rule is for this request (model '{request.Model}', agent '{request.Agent}', {request.Turns} turns, last user text '{TextStart(request.LastUserText)}'): {why}",
            code: "script_error");
    }

    private static Captures? Fits(ScriptRule rule, ModelRequest request, out string? misfit)
    {
        try
        {
            return rule.Match.Fits(request, out misfit);
        }
        catch (RegexMatchTimeoutException)
        {
            misfit = $"a regular expression took longer than {RequestMatch.RegexTimeout.TotalSeconds:0} s";
            return null;
        }
    }

    private bool Use(int index, ScriptRule rule, ModelRequest request)
    {
        if (rule.Times is not { } times) return true;
        var scope = rule.Per switch
        {
            RuleScope.Agent => request.Agent ?? "",
            RuleScope.Turn => $"{request.Agent}/{request.Prefix}",
            _ => "",
        };
        lock (_gate)
        {
            var uses = _uses.GetValueOrDefault((index, scope));
            if (uses >= times) return false;
            if (_uses.Count >= ScriptedModel.MaxScopes && uses == 0)
                throw WireRefusal.Invalid($"script '{script.Name}': {rule.Name} counts over more than {ScriptedModel.MaxScopes} agents or turns; count over the script, or use a new model", code: "script_error");
            _uses[(index, scope)] = uses + 1;
            return true;
        }
    }

    private static string TextStart(string text) => text.Length <= 60 ? text : Wire.TextPieces.Head(text, 60) + "…";
}

/// <summary>A rule, and what its match captured.</summary>
internal sealed record Ruling(ScriptRule Rule, Captures Captures);
