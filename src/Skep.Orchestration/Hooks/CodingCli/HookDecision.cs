namespace Skep.Orchestration.Hooks;

/// <summary>What a hook says about an action.</summary>
public enum HookVerdict
{
    /// <summary>No objection. The caller's own permission rules decide as if there were no hook: a hook never widens them.</summary>
    Allow,
    /// <summary>A person should decide.</summary>
    Ask,
    /// <summary>It must not happen.</summary>
    Deny,
}

/// <summary>The outcome of a hook, before it is put into a caller's format.</summary>
/// <param name="Verdict">What it says about the action.</param>
/// <param name="Reason">Why, for the agent: what is in the way and what to do instead. Needed for Ask and Deny.</param>
/// <param name="AdditionalContext">What the agent should know besides.</param>
/// <param name="SystemMessage">What the person in front of the CLI should see.</param>
public sealed record HookDecision(HookVerdict Verdict, string? Reason = null, string? AdditionalContext = null, string? SystemMessage = null)
{
    /// <summary>No objection, and nothing to say.</summary>
    public static HookDecision Allow { get; } = new(HookVerdict.Allow);

    /// <summary>A person should decide, for this reason.</summary>
    public static HookDecision Ask(string reason) => new(HookVerdict.Ask, reason);

    /// <summary>It must not happen, for this reason.</summary>
    public static HookDecision Deny(string reason) => new(HookVerdict.Deny, reason);

    /// <summary>No objection, and something that the agent should know.</summary>
    public static HookDecision WithContext(string context) => new(HookVerdict.Allow, AdditionalContext: context);
}
