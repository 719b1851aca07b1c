using Skep.Models;
using Skep.Orchestration;
using Skep.Plans;
using Skep.Storage;

namespace Skep.Mcp;

/// <summary>What a <see cref="SkepMcpServer"/> works with.</summary>
public sealed record SkepMcpSettings
{
    /// <summary>The folder whose runs, agents and memory are served.</summary>
    public required SkepFolder Folder { get; init; }

    /// <summary>Settings of the host that the server becomes while it owns the folder.</summary>
    public required SkepHostOptions Host { get; init; }

    /// <summary>Folder in which tasks work, and to which paths of plans are relative.</summary>
    public required string Workspace { get; init; }

    /// <summary>Makes the id of a new run from the name of its plan.</summary>
    public required Func<string, string> RunId { get; init; }

    /// <summary>Why a model cannot be asked; null when it can. The argument is a model as plans name it, <c>default</c> among them.</summary>
    public required Func<string, string?> ModelProblem { get; init; }

    /// <summary>Finds models for planning; null: none can be asked. What it returns is used for one call, and then disposed of if it can be.</summary>
    public Func<IModelSource>? Models { get; init; }

    /// <summary>The agent files that a plan may use, by the folder of the plan and the workspace.</summary>
    public Func<string, string, IAgentFiles>? AgentFiles { get; init; }

    /// <summary>What of a plan this version does not act on, a sentence each.</summary>
    public Func<Plan, IReadOnlyList<string>> Idle { get; init; } = static _ => [];

    /// <summary>The attempt of a run whose process started the server, or null for a person: agents neither vote nor answer for people.</summary>
    public string? Agent { get; init; }

    /// <summary>Who asks, in logs.</summary>
    public string By { get; init; } = "mcp";

    /// <summary>Whether the extended tools are offered, too.</summary>
    public bool All { get; init; }

    /// <summary>Version of the program, for clients.</summary>
    public string Version { get; init; } = typeof(SkepMcpSettings).Assembly.GetName().Version?.ToString(3) ?? "0";

    /// <summary>After how long without a call and without a live run the folder is given back. Default 3 s.</summary>
    public TimeSpan IdleAfter { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Takes a line about what goes wrong beside the calls.</summary>
    public Action<string> Log { get; init; } = static _ => { };
}
