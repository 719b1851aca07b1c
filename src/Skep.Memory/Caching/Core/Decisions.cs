namespace Skep.Memory.Caching;

/// <summary>What to do about a read.</summary>
internal enum ReadStep
{
    /// <summary>Serve the value; where there is a flight, too, begin it in the background.</summary>
    Serve,

    /// <summary>Wait for the flight, which is under way.</summary>
    Join,

    /// <summary>Begin the flight and wait for it.</summary>
    Fetch,

    /// <summary>Refuse: too many keys are being read.</summary>
    Busy,
}

/// <summary>What to do about a read.</summary>
internal readonly record struct ReadDecision<T>(ReadStep Step, Versioned<T> Value = default, Flight? Flight = null) where T : class;

/// <summary>What to do about a layer's answer.</summary>
internal enum FillStep
{
    /// <summary>Ask the layer that the flight names now.</summary>
    Ask,

    /// <summary>Serve the value: the flight is over.</summary>
    Done,

    /// <summary>The source keeps answering with less than was seen before: the flight is over, without a value.</summary>
    Behind,
}

/// <summary>What to do about a layer's answer.</summary>
/// <param name="Step">What.</param>
/// <param name="Value">What to serve.</param>
/// <param name="Share">Whether to put it into the shared cache.</param>
internal readonly record struct FillDecision<T>(FillStep Step, Versioned<T> Value = default, bool Share = false) where T : class;

/// <summary>What a layer answered.</summary>
/// <param name="Value">What it has; null when it has nothing, or failed.</param>
/// <param name="AsOf">When that was the latest: for a source, when it was asked.</param>
/// <param name="Size">Bytes of the value.</param>
internal readonly record struct LayerAnswer<T>(Versioned<T>? Value, long AsOf, int Size) where T : class
{
    /// <summary>It has nothing, or failed.</summary>
    internal static LayerAnswer<T> Nothing { get; } = new(null, 0, 0);
}
