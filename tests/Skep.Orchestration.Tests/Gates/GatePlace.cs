using Skep.Orchestration.Tests.Core;
using Skep.Orchestration.Tests.Execution;
using Skep.Plans;

namespace Skep.Orchestration.Tests.Gates;

/// <summary>A workspace with files, in which gates are checked as a run would.</summary>
internal sealed class GatePlace : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("skep-gate-").FullName;

    public GatePlace()
    {
        Directory.CreateDirectory(Workspace);
        Directory.CreateDirectory(Path.Combine(RunDirectory, "work"));
    }

    public string Workspace => Path.Combine(_root, "project");

    public string RunDirectory => Path.Combine(Workspace, ".skep", "runs", "r1");

    public string Outside => Path.Combine(_root, "outside.txt");

    public string File(string name, string text) => File(name, System.Text.Encoding.UTF8.GetBytes(text));

    public string File(string name, byte[] bytes)
    {
        var path = Path.Combine(Workspace, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        System.IO.File.WriteAllBytes(path, bytes);
        return path;
    }

    /// <summary>Checks a gate as it is written in a plan.</summary>
    public async Task<AttemptResult> CheckAsync(string yaml)
    {
        var gate = QueenRig.Parse($"{{ plan: p, tasks: [{{ id: a, run: x }}], gates: [{yaml}] }}").Gates.Single();
        IGateCheck[] checks = [new DeliverablesGate(), new CoverageGate(), new BenchmarkGate()];
        var filled = GateTemplates.Fill(gate, text => text.Replace("${run.dir}", Path.Combine(RunDirectory, "work"), StringComparison.Ordinal));
        return await checks.Single(c => c.Kind == gate.Kind).CheckAsync(new GateRequest(filled, Request, null), new RecordingContext(), CancellationToken.None);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    public AttemptRequest Request => new()
    {
        RunId = "r1",
        TaskId = "gate/g",
        Phase = "main",
        Attempt = 1,
        AgentName = "gate",
        Agent = AgentSpec.Implicit,
        WorkingDirectory = Workspace,
        Workspace = Workspace,
        RunDirectory = RunDirectory,
        SkepDirectory = Path.Combine(Workspace, ".skep"),
        PlanDirectory = Workspace,
    };
}
