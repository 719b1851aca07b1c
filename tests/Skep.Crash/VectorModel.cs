using Skep.Vectors.Collections;
using Skep.VectorWriter;

namespace Skep.Crash;

/// <summary>What must be in the collection, by what its writers were told.</summary>
internal sealed class VectorModel
{
    private readonly Dictionary<string, int>[] _steps = [.. Enumerable.Range(0, VectorWork.Writers).Select(_ => new Dictionary<string, int>())];
    private readonly int[] _next = new int[VectorWork.Writers];

    /// <summary>Each writer's next step.</summary>
    public IReadOnlyList<int> Next => _next;

    /// <summary>Each key with the step that stored it.</summary>
    public IEnumerable<KeyValuePair<string, int>> Records => _steps.SelectMany(s => s);

    /// <summary>Takes in a step that was acknowledged.</summary>
    public void Acknowledge(int writer, int number)
    {
        Assert.Equal(_next[writer], number);
        Apply(_steps[writer], writer, number);
        _next[writer]++;
    }

    /// <summary>Requires that everything acknowledged is there; a step whose acknowledgement the kill cut off may be there too, as a whole. Returns how many such steps there were.</summary>
    public int Require(VectorCollection collection)
    {
        var found = Read(collection);
        var unheard = 0;
        for (var writer = 0; writer < VectorWork.Writers; writer++)
        {
            if (Same(found[writer], _steps[writer])) continue;
            var further = new Dictionary<string, int>(_steps[writer]);
            Apply(further, writer, _next[writer]);
            Assert.True(Same(found[writer], further), $"writer {writer} after step {_next[writer] - 1}: {Difference(found[writer], _steps[writer])}");
            (_steps[writer], _next[writer], unheard) = (further, _next[writer] + 1, unheard + 1);
        }

        return unheard;
    }

    private static Dictionary<string, int>[] Read(VectorCollection collection)
    {
        var found = Enumerable.Range(0, VectorWork.Writers).Select(_ => new Dictionary<string, int>()).ToArray();
        var (keys, _) = collection.Keys(0, int.MaxValue);
        Assert.Equal(collection.Count, keys.Count);
        foreach (var key in keys)
        {
            var record = collection.Get(key)!;
            var step = (int)record.Fields!["step"].AsNumber;
            var expected = VectorWork.Record(key, step);
            Assert.Equal(expected.Fields, record.Fields);
            for (var i = 0; i < VectorWork.Dimension; i++) Assert.Equal(expected.Vector.Span[i], record.Vector.Span[i], 1e-5);
            Assert.True(found[key[1] - '0'].TryAdd(key, step), $"{key} is there twice");
        }

        return found;
    }

    private static void Apply(Dictionary<string, int> steps, int writer, int number)
    {
        var step = VectorWork.StepOf(writer, number);
        foreach (var record in step.Upserts) steps[record.Key] = number;
        foreach (var key in step.Deletes) steps.Remove(key);
    }

    private static bool Same(Dictionary<string, int> found, Dictionary<string, int> expected) =>
        found.Count == expected.Count && expected.All(e => found.TryGetValue(e.Key, out var step) && step == e.Value);

    private static string Difference(Dictionary<string, int> found, Dictionary<string, int> expected) => string.Join(
        ", ",
        expected.Keys.Union(found.Keys).Where(k => found.GetValueOrDefault(k, -1) != expected.GetValueOrDefault(k, -1)).Take(10)
            .Select(k => $"{k} is of step {found.GetValueOrDefault(k, -1)} instead of {expected.GetValueOrDefault(k, -1)}"));
}
