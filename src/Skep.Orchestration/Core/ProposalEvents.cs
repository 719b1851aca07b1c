namespace Skep.Orchestration;

/// <summary>Tasks that an agent proposed belong to the run from now on: they join the phase of the task that it works on.</summary>
/// <param name="Task">Node key of the proposer's task.</param>
/// <param name="Attempt">Number of its attempt.</param>
/// <param name="Agent">Its agent spec's id, which says what it may propose.</param>
/// <param name="Key">The same for every delivery of this proposal.</param>
/// <param name="Fragment">The proposal as it came, a mapping with <c>tasks</c>; see <see cref="Plans.ProposalReader"/>.</param>
/// <param name="Tasks">Ids of the tasks, for people.</param>
public sealed record TasksAdmitted(string Task, int Attempt, string Agent, string Key, string Fragment, IReadOnlyList<string> Tasks) : RunEvent;

/// <summary>An agent proposes tasks. A key that was admitted before changes nothing.</summary>
/// <param name="Task">Node key of the task that it works on.</param>
/// <param name="Attempt">Number of its attempt, which is in flight.</param>
/// <param name="Key">The same for every delivery of this proposal.</param>
/// <param name="Fragment">A mapping with <c>tasks</c>, as JSON or YAML.</param>
public sealed record ProposeTasks(string Task, int Attempt, string Key, string Fragment) : RunInput;
