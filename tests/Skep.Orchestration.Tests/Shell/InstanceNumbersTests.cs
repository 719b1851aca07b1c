namespace Skep.Orchestration.Tests.Shell;

public sealed class InstanceNumbersTests
{
    [Fact]
    public void Spawned_ones_are_taken_before_further_ones_begin()
    {
        var numbers = new InstanceNumbers(3);
        Assert.Equal(1, Take(numbers));
        numbers.Open(4);
        Assert.Equal([4, 2, 3, 0], [Take(numbers), Take(numbers), Take(numbers), Take(numbers)]);
        numbers.GiveBack(3);
        numbers.GiveBack(1);
        Assert.Equal([1, 3], [Take(numbers), Take(numbers)]);
    }

    [Fact]
    public void A_closed_one_is_never_taken_again()
    {
        var numbers = new InstanceNumbers(int.MaxValue);
        Assert.Equal([1, 2], [Take(numbers), Take(numbers)]);
        Assert.False(numbers.Close(1));
        Assert.True(numbers.GiveBack(1));
        Assert.True(numbers.Close(3));
        Assert.Equal(4, Take(numbers));
        Assert.False(numbers.GiveBack(2));
        Assert.True(numbers.Close(2));
        Assert.Equal(5, Take(numbers));
    }

    [Fact]
    public void One_that_had_the_work_before_takes_it_again_and_no_other_gets_it_meanwhile()
    {
        var numbers = new InstanceNumbers(3);
        Assert.True(numbers.Close(2));
        Assert.True(numbers.TryTake(2));
        Assert.True(numbers.TryTake(1));
        Assert.False(numbers.TryTake(1));
        Assert.Equal([3, 0], [Take(numbers), Take(numbers)]);
        Assert.True(numbers.GiveBack(2));
        Assert.False(numbers.GiveBack(1));
        Assert.Equal(1, Take(numbers));
    }

    [Fact]
    public void It_is_known_when_none_is_left()
    {
        var numbers = new InstanceNumbers(1);
        Assert.True(numbers.HasAny);
        numbers.Close(1);
        numbers.Close(1);
        Assert.False(numbers.HasAny);
        numbers.Open(2);
        numbers.Open(2);
        Assert.True(numbers.HasAny);
        Assert.Equal([2, 0], [Take(numbers), Take(numbers)]);
        numbers.Close(2);
        Assert.False(numbers.HasAny);
    }

    [Fact]
    public void Without_a_bound_one_that_began_by_itself_is_not_added_a_second_time()
    {
        var numbers = new InstanceNumbers(int.MaxValue);
        Assert.Equal(1, Take(numbers));
        numbers.Open(1);
        Assert.Equal(2, Take(numbers));
    }

    private static int Take(InstanceNumbers numbers) => numbers.TryTake(out var number) ? number : 0;
}
