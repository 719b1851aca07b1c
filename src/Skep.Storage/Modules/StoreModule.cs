namespace Skep.Storage;

/// <summary>
/// Tables of one component in a store's database. They share the owner's one connection and its group commits with the event log, and
/// the store does not look inside them. Steps are never edited once released: step n leads from version n − 1 to version n.
/// </summary>
/// <param name="Name">Name of the component; its tables start with it.</param>
/// <param name="Steps">SQL of all steps, in order.</param>
public sealed record StoreModule(string Name, IReadOnlyList<string> Steps);
