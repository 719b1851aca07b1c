using System.Globalization;
using Skep.Vectors.Collections;
using Skep.VectorWriter;

// skep-vector-writer FOLDER NEXT-STEP-OF-EACH-WRITER...
// Prints what was acknowledged. A line counts only if it ends with a full stop: a kill may cut it in two.
var next = args[1..].Select(a => int.Parse(a, CultureInfo.InvariantCulture)).ToArray();
var output = Console.OpenStandardOutput();
await using var collection = VectorCollection.Open(args[0], VectorWork.Options);
Say($"open {collection.Opening.TornBytes}");
var writers = Enumerable.Range(0, VectorWork.Writers).Select(w => Task.Run(() => WriteAsync(w))).ToList();
await await Task.WhenAny([.. writers, Task.Run(CompactAsync)]);
return 1;

async Task WriteAsync(int writer)
{
    for (var number = next[writer]; ; number++)
    {
        var step = VectorWork.StepOf(writer, number);
        if (step.Upserts.Count > 0) await collection.UpsertAsync(step.Upserts);
        else await collection.DeleteAsync(step.Deletes);
        Say($"ack {writer} {number}");
    }
}

async Task CompactAsync()
{
    while (true)
    {
        Say("compacting 1");
        await collection.CompactAsync();
        Say("compacting 0");
        await collection.LinkAsync();
        await Task.Delay(10);
    }
}

void Say(string line)
{
    var bytes = System.Text.Encoding.ASCII.GetBytes(line + ".\n");
    lock (output)
    {
        output.Write(bytes);
        output.Flush();
    }
}
