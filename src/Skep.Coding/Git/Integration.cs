using Skep.Coding.Merging;

namespace Skep.Coding.Git;

/// <summary>What came of integrating a branch.</summary>
public abstract record Integration;

/// <summary>There is a candidate.</summary>
/// <param name="Commit">The commit to check and land; it descends from the target's tip.</param>
/// <param name="Method">How it was made.</param>
public sealed record IntegratedAs(string Commit, MergeMethod Method) : Integration;

/// <summary>The target holds all of it already.</summary>
public sealed record NothingToDo : Integration;

/// <summary>It conflicts.</summary>
/// <param name="Conflict">With what.</param>
public sealed record Conflicted(ConflictDetails Conflict) : Integration;

/// <summary>It cannot be integrated at all.</summary>
/// <param name="Why">Why, and what helps.</param>
public sealed record CannotIntegrate(string Why) : Integration;
