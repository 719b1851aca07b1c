using Skep.Client.Commands.Memory.Patterns;

namespace Skep.Client.Commands.Memory;

/// <summary><c>skep memory</c>: what a swarm remembers.</summary>
internal sealed class MemoryCommand : Verb
{
    public MemoryCommand(CliContext cli) : base("memory", "Reads and writes what a swarm remembers.", "skep memory store swarm/worker-1/status busy --ttl 10m", "skep memory get swarm/worker-1/status")
    {
        Add(new MemoryStoreCommand(cli));
        Add(new MemoryGetCommand(cli));
        Add(new MemoryListCommand(cli));
        Add(new MemorySearchCommand(cli));
        Add(new MemoryExplainCommand(cli));
        Add(new MemoryImportCommand(cli));
        Add(new MemoryMapCommand(cli));
        Add(new MemoryReindexCommand(cli));
        Add(new MemoryDeleteCommand(cli));
        Add(new MemoryWatchCommand(cli));
        Add(new MemoryExportCommand(cli));
        Add(new MemoryRestoreCommand(cli));
        Add(new MemoryStatsCommand(cli));
        Add(new MemoryNamespacesCommand(cli));
        Add(new EpisodesCommand(cli));
        Add(new SkillsCommand(cli));
        Add(new CausesCommand(cli));
        Add(new ConsolidateCommand(cli));
    }
}
