using Skep.Plans;

namespace Skep.Orchestration;

/// <summary>What a plan says to a model beside the prompt. Expressions are resolved.</summary>
public sealed record ChatBrief
{
    /// <summary>Name of the plan.</summary>
    public required string Plan { get; init; }

    /// <summary>What the plan is for.</summary>
    public string? Goal { get; init; }

    /// <summary>What the task is called.</summary>
    public string? Title { get; init; }

    /// <summary>What the answer is judged by.</summary>
    public IReadOnlyList<string> Acceptance { get; init; } = [];

    /// <summary>JSON Schema of the answer, as JSON; null for text.</summary>
    public string? OutputSchema { get; init; }

    /// <summary>Facts that survive every shortening of the conversation.</summary>
    public IReadOnlyList<string> Pins { get; init; } = [];

    /// <summary>Memory that the model is shown: keys, or <c>namespace/*</c>.</summary>
    public IReadOnlyList<string> Context { get; init; } = [];

    /// <summary>What the run may use.</summary>
    public Budget? RunBudget { get; init; }

    /// <summary>What all tasks of its phase may use.</summary>
    public Budget? PhaseBudget { get; init; }

    /// <summary>What all attempts of its agent spec may use.</summary>
    public Budget? AgentBudget { get; init; }

    /// <summary>What all attempts of the task may use; the items of a fan-out share it.</summary>
    public Budget? TaskBudget { get; init; }

    /// <summary>Rules by which its queries are changed while they run; null: none.</summary>
    public OptimizerSpec? Optimizer { get; init; }
}
