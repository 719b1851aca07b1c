using Skep.Bench;

// Each benchmark prints rows of one table: what, value, baseline of the same run, ratio, goal.
var wanted = args.Where(a => !a.StartsWith('-')).ToHashSet(StringComparer.Ordinal);
if (args.Contains("--help") || wanted.Contains("help"))
{
    Console.WriteLine("usage: skep-bench [throughput] [chain] [check] [fold] [growth] [idle] [command] [parallel]   (default: all)");
    return 0;
}

var all = new (string Name, Func<Table, Task> Run)[]
{
    ("throughput", Throughput.RunAsync),
    ("chain", Chain.RunAsync),
    ("check", CheckPlan.RunAsync),
    ("fold", Fold.RunAsync),
    ("growth", Growth.RunAsync),
    ("idle", Idle.RunAsync),
    ("command", Commands.RunAsync),
    ("parallel", Skep.Bench.Parallel.RunAsync),
};
var table = new Table();
table.Header();
foreach (var (name, run) in all)
    if (wanted.Count == 0 || wanted.Contains(name)) await run(table);
return table.Missed == 0 ? 0 : 1;
