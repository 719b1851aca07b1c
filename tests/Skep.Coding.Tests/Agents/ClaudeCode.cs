using Skep.Testing;

namespace Skep.Coding.Tests.Agents;

/// <summary>A test that needs the real Claude Code: the environment variable SKEP_CLAUDE names the program.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ClaudeFactAttribute : FactAttribute
{
    public static string? Program { get; } = Environment.GetEnvironmentVariable("SKEP_CLAUDE");

    public ClaudeFactAttribute()
    {
        if (string.IsNullOrEmpty(Program)) Skip = "SKEP_CLAUDE does not name an installed Claude Code";
    }
}

/// <summary>The environment in which the real Claude Code talks to a scripted model and to nobody else.</summary>
internal static class ClaudeCode
{
    public static void Use(CodingRig rig, ScriptedModelServer server)
    {
        rig.Variables["SKEP_CLAUDE"] = ClaudeFactAttribute.Program!;
        rig.Variables["ANTHROPIC_BASE_URL"] = server.BaseUrl.ToString().TrimEnd('/');
        rig.Variables["ANTHROPIC_API_KEY"] = "not-a-key-at-all";
        rig.Variables["CLAUDE_CONFIG_DIR"] = Path.Combine(rig.Variables["HOME"], ".claude");
        // Else tools are offered through a search, which a script cannot follow.
        rig.Variables["ENABLE_TOOL_SEARCH"] = "false";
        foreach (var off in new[] { "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "DISABLE_AUTOUPDATER", "DISABLE_TELEMETRY", "DISABLE_ERROR_REPORTING" }) rig.Variables[off] = "1";
    }
}
