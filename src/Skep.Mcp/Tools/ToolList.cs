using Skep.Mcp.Catalogue;
using Skep.Mcp.Tools.Insight;
using Skep.Mcp.Tools.Memory;
using Skep.Mcp.Tools.Queries;
using Skep.Mcp.Tools.Runs;
using Skep.Mcp.Tools.Swarms;

namespace Skep.Mcp.Tools;

/// <summary>The one place that names every tool.</summary>
internal static class ToolList
{
    public static IReadOnlyList<McpTool> Make() =>
    [
        new SwarmInitTool(), new SwarmStatusTool(), new SwarmMonitorTool(),
        new AgentSpawnTool(), new AgentsSpawnParallelTool(), new AgentListTool(), new AgentMetricsTool(),
        new TaskOrchestrateTool(), new TaskStatusTool(), new TaskResultsTool(),
        new MemoryUsageTool(), new MemorySearchTool(),
        new BottleneckAnalyzeTool(), new PerformanceReportTool(), new TokenUsageTool(),
        new QueryControlTool(), new QueryListTool(), new QueryHistoryTool(),
        new PlanCheckTool(), new PlanScheduleTool(),
        new RunStartTool(), new RunListTool(), new RunStatusTool(), new RunEventsTool(), new RunReportTool(), new RunApproveTool(), new RunAnswerTool(), new RunControlTool(),
        new SwarmScaleTool(), new SwarmDestroyTool(), new CostAnalysisTool(), new MemoryNamespaceTool(), new MemoryBackupTool(), new MemoryRestoreTool(),
    ];
}
