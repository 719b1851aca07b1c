using Skep.Agents.Mcp;
using Skep.Agents.Queries;
using Skep.Models.Limits;
using Skep.Orchestration;
using Skep.Storage;

namespace Skep.Agents;

/// <summary>Brings agents that think to a host: the executor <c>chat</c>, and control over its queries.</summary>
/// <param name="options">Settings.</param>
public sealed class ChatExtension(ChatExtensionOptions options) : IHostExtension
{
    /// <inheritdoc />
    public IReadOnlyList<StoreModule> Modules => [QueryStore.Module];

    /// <inheritdoc />
    public HostParts Attach(SkepHost host)
    {
        ArgumentNullException.ThrowIfNull(host);
        var (store, desk) = (new QueryStore(host.Store, host.Time), options.Desk);
        var models = options.Models(host);
        var (pool, definitions) = (new McpPool(host.Time), new McpDefinitions(options.Command.HostEnvironment));
        var budgets = new BudgetDesk(store, host.Time);
        var services = new QueryServices
        {
            Models = models.Source,
            Tools = [new BuiltInTools(host.Ledger, new BuiltInToolsOptions { Command = options.Command, PlanOf = static a => a.Chat?.Plan, Proposals = new QueenProposals(host) }), new McpToolSource(pool, definitions), .. options.Tools],
            Store = store,
            Desk = desk,
            Host = new QueenOfHost(host),
            Retry = CallRetry.Create(options.Retry, host.Time, static (_, _) => ValueTask.CompletedTask),
            Budgets = budgets,
            Memory = host.Memory,
            Time = host.Time,
            Environment = options.Command.HostEnvironment,
            Keys = models.Keys,
        };
        return new HostParts([new ChatExecutor(services), new McpExecutor(pool, definitions, options.Command.HostEnvironment)], [new QueryFamily(host, store, desk, budgets)]);
    }
}
