namespace Skep.Memory.Tests;

public sealed class PathTests
{
    [Theory]
    [InlineData("swarm/worker-1/status", "swarm/worker-1", "status")]
    [InlineData("status", "default", "status")]
    [InlineData("a_b.c:d@e/K", "a_b.c:d@e", "K")]
    public void A_path_is_split_at_its_last_slash(string path, string space, string key)
    {
        var parsed = MemoryPath.Parse(path);
        Assert.Equal((space, key, space + "/" + key), (parsed.Namespace, parsed.Key, parsed.Full));
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("/a", "empty part")]
    [InlineData("a/", "empty part")]
    [InlineData("a//b", "empty part")]
    [InlineData("a/../b", "'..'")]
    [InlineData("./b", "'.'")]
    [InlineData("a b", "' ' is not allowed")]
    [InlineData("ä", "'ä' is not allowed")]
    [InlineData("a\0b", "is not allowed")]
    [InlineData("a*", "'*' is not allowed")]
    public void A_wrong_path_is_refused_with_the_reason(string path, string reason) =>
        Assert.Contains(reason, Refused.By(() => MemoryPath.Parse(path), MemoryFault.InvalidRequest).Message);

    [Fact]
    public void The_longest_names_are_accepted_and_one_more_is_not()
    {
        Assert.Equal(256, MemoryPath.Parse(new string('k', 256)).Key.Length);
        Assert.Contains("257 characters; at most 256", Refused.By(() => MemoryPath.Parse(new string('k', 257)), MemoryFault.InvalidRequest).Message);
        Assert.Equal(256, MemoryPath.Parse(new string('n', 256) + "/k").Namespace.Length);
        Assert.Contains("namespace has 257", Refused.By(() => MemoryPath.Parse(new string('n', 257) + "/k"), MemoryFault.InvalidRequest).Message);
        Assert.Equal("k", MemoryPath.Parse(string.Concat(Enumerable.Repeat("n/", 15)) + "k").Key);
        Assert.Contains("17 parts; at most 16", Refused.By(() => MemoryPath.Parse(string.Concat(Enumerable.Repeat("n/", 16)) + "k"), MemoryFault.InvalidRequest).Message);
    }

    [Theory]
    [InlineData("", "x/y", true)]
    [InlineData("*", "x/y", true)]
    [InlineData("swarm/w-1", "swarm/w-1", true)]
    [InlineData("swarm/w-1", "swarm/w-1/status", true)]
    [InlineData("swarm/w-1", "swarm/w-10/status", false)]
    [InlineData("swarm/w-1", "swarm/w-1.x", false)]
    [InlineData("swarm/w-1/", "swarm/w-1", false)]
    [InlineData("swarm/w-1/", "swarm/w-1/a/b", true)]
    [InlineData("swarm/w-1*", "swarm/w-10/status", true)]
    [InlineData("swarm/w-1*", "swarm/w-2/status", false)]
    [InlineData("status", "default/status", true)]
    [InlineData("status", "status/x", true)]
    [InlineData("status", "default/status2", false)]
    public void A_prefix_means_whole_parts_unless_it_ends_in_a_star(string prefix, string path, bool contained) =>
        Assert.Equal(contained, MemoryPrefix.Parse(prefix).Contains(path));

    [Theory]
    [InlineData("a**")]
    [InlineData("a*b")]
    [InlineData("/")]
    [InlineData("a//")]
    [InlineData("..")]
    public void A_wrong_prefix_is_refused(string prefix) => Refused.By(() => MemoryPrefix.Parse(prefix), MemoryFault.InvalidRequest);
}
