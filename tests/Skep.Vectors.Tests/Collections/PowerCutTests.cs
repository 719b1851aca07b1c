using Skep.Vectors.Collections;

namespace Skep.Vectors.Tests.Collections;

public sealed class PowerCutTests : IDisposable
{
    private readonly CollectionFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Whenever_the_power_goes_what_was_acknowledged_is_there_though_nothing_else_reached_the_disk(int seed)
    {
        // After each step what must be there; a step that is under way may be there as a whole.
        var states = new List<Dictionary<int, int>> { new() };
        var acknowledged = 0;
        var files = new PowerCutFiles(_folder.Path, _folder.Other("copies"), seed, () => Volatile.Read(ref acknowledged));
        var random = new Random(seed);
        await using (var notes = _folder.Open(files: files))
        {
            for (var step = 1; step <= 25; step++)
            {
                var next = new Dictionary<int, int>(states[^1]);
                if (step % 6 == 0)
                {
                    states.Add(next);
                    await notes.CompactAsync();
                }
                else if (random.Next(4) == 0)
                {
                    foreach (var key in next.Keys.Where(_ => random.Next(3) == 0).ToList()) next.Remove(key);
                    states.Add(next);
                    await notes.DeleteAsync([.. states[^2].Keys.Except(next.Keys).Select(i => $"key-{i}"), "nobody"]);
                }
                else
                {
                    var from = random.Next(100);
                    for (var i = from; i < from + 30; i++) next[i] = step;
                    states.Add(next);
                    await notes.UpsertAsync(CollectionFolder.Records(from, 30, step));
                }

                Volatile.Write(ref acknowledged, step);
            }
        }

        Assert.InRange(files.Copies.Count, 40, 400);
        foreach (var (copy, steps) in files.Copies)
        {
            await using var left = VectorCollection.Open(copy, CollectionFolder.Options with { VerifyOnOpen = true });
            CollectionFolder.RequireExactly(left, Matches(left, states[steps]) || steps + 1 == states.Count ? states[steps] : states[steps + 1]);
            Assert.Empty(left.Opening.Lost);
        }
    }

    private static bool Matches(VectorCollection collection, Dictionary<int, int> versions) =>
        collection.Count == versions.Count && versions.All(v => collection.Get($"key-{v.Key}")?.Fields!["version"].AsNumber == v.Value);
}
