using Skep.Vectors.Memory;

namespace Skep.Vectors.Tests.Memory;

public sealed unsafe class ReservationTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void Pages_of_a_file_are_replaced_by_memory_with_the_same_bytes_under_the_hands_of_readers()
    {
        const int length = (5 << 20) + 12_345;
        var bytes = new byte[length];
        new Random(1).NextBytes(bytes);
        File.WriteAllBytes(_path, bytes);
        using var memory = new Reservation(64 << 20);
        using (var file = File.OpenHandle(_path)) memory.MapFile(file, 0, length);
        memory.Address[length] = 7; // What a writer appended stays as well.
        using var stop = new CancellationTokenSource();
        var wrong = -1;
        var reader = new Thread(() => wrong = ReadUntil(memory, bytes, stop.Token));
        reader.Start();
        var isDetached = memory.Detach(length);
        stop.Cancel();
        reader.Join();
        Assert.Equal(0, wrong);
        Assert.Equal(OperatingSystem.IsLinux(), isDetached);
        Assert.True(new ReadOnlySpan<byte>(memory.Address, length).SequenceEqual(bytes));
        Assert.Equal((7, 0), (memory.Address[length], memory.Address[length + 1]));
        if (!isDetached) return;

        // The memory no longer depends on the file.
        using (var file = File.OpenHandle(_path, FileMode.Open, FileAccess.Write)) RandomAccess.Write(file, new byte[4 << 20], 0);
        Assert.True(new ReadOnlySpan<byte>(memory.Address, 4 << 20).SequenceEqual(bytes.AsSpan(0, 4 << 20)));
    }

    [Fact]
    public void What_is_written_to_mapped_memory_never_reaches_the_file()
    {
        File.WriteAllBytes(_path, new byte[100]);
        using var memory = new Reservation(1 << 20);
        using (var file = File.OpenHandle(_path)) memory.MapFile(file, 0, 100);
        memory.Address[5] = 9;
        Assert.Equal(new byte[100], File.ReadAllBytes(_path));
    }

    private static int ReadUntil(Reservation memory, byte[] bytes, CancellationToken stop)
    {
        var wrong = 0;
        var at = 0;
        do
        {
            if (memory.Address[at] != bytes[at]) wrong++;
            at = (at + 4_099) % bytes.Length;
        }
        while (!stop.IsCancellationRequested);
        return wrong;
    }
}
