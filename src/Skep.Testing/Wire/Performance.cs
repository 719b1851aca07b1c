namespace Skep.Testing.Wire;

/// <summary>Turns an answer into steps: pace and faults, the same for both wire formats.</summary>
internal sealed class Performance(IWireFormat format, Pace pace, ScriptedFault? fault, IReadOnlyList<KeyValuePair<string, string>> headers)
{
    private const string EventStream = "text/event-stream; charset=utf-8";
    private const string Json = "application/json";
    private const string Nonsense = """{"surprise":[1,2,3]}""";
    private const string Torn = """{"id":"x","choices":[{"delta":""";
    private readonly int _after = fault?.After ?? 0;

    /// <summary>A streamed answer.</summary>
    public IEnumerable<WireStep> Stream(IReadOnlyList<WireFrame> frames) => Cut(Begin(null, EventStream, Play(frames)));

    /// <summary>An answer in one body.</summary>
    public IEnumerable<WireStep> Whole(byte[] body)
    {
        if (fault?.Kind == FaultKind.WrongJson) body = System.Text.Encoding.UTF8.GetBytes(Nonsense);
        if (fault?.Kind is FaultKind.Malformed or FaultKind.EndEarly) body = body[..(body.Length / 2)];
        long? length = fault?.Kind == FaultKind.Endless ? null : body.Length;
        var between = pace.Delay * Math.Max(0, Math.Min(pace.Pieces, body.Length) - 1);
        return Cut(Begin(length, Json, PlayBody(body), between));
    }

    private IEnumerable<WireStep> Begin(long? length, string type, IEnumerable<WireStep> body, TimeSpan further = default)
    {
        if (pace.First + further is var wait && wait > TimeSpan.Zero) yield return WireStep.Wait(wait);
        if (fault?.Kind == FaultKind.Never) yield return WireStep.Hang;
        if (fault?.Kind == FaultKind.DropBeforeHeaders)
        {
            yield return WireStep.Drop(fault.Style);
            yield break;
        }

        yield return WireStep.Begin(new WireHead(200, type, length, headers));
        foreach (var step in body) yield return step;
    }

    private IEnumerable<WireStep> PlayBody(byte[] body)
    {
        if (fault?.Kind is FaultKind.Drop or FaultKind.DropInFrame or FaultKind.Stall)
        {
            yield return WireStep.Write(body.AsMemory(0, body.Length / 2));
            yield return fault.Kind == FaultKind.Stall ? WireStep.Hang : WireStep.Drop(fault.Style);
            yield break;
        }

        if (fault?.Kind == FaultKind.Endless)
            foreach (var step in Repeat(" "u8.ToArray())) yield return step;
        yield return WireStep.Write(body);
    }

    private IEnumerable<WireStep> Play(IReadOnlyList<WireFrame> frames)
    {
        var total = frames.Count(f => f.IsPiece);
        var at = Math.Min(_after, total);
        var isDue = fault is { SpoilsAnswer: true };
        var pieces = 0;
        foreach (var frame in frames)
        {
            if (isDue && pieces == at && (frame.IsPiece || pieces == total))
            {
                isDue = false;
                foreach (var step in Fail(frame)) yield return step;
                if (fault!.Kind is not (FaultKind.Malformed or FaultKind.WrongJson)) yield break;
            }

            if (frame.IsPiece && pieces++ > 0 && pace.Delay > TimeSpan.Zero) yield return WireStep.Wait(pace.Delay);
            yield return WireStep.Write(frame.Bytes);
        }
    }

    private IEnumerable<WireStep> Fail(WireFrame next) => fault!.Kind switch
    {
        FaultKind.Drop => [WireStep.Drop(fault.Style)],
        FaultKind.DropInFrame => [WireStep.Write(next.Bytes.AsMemory(0, next.Bytes.Length / 2)), WireStep.Drop(fault.Style)],
        FaultKind.Stall => [WireStep.Hang],
        FaultKind.Malformed => [WireStep.Write(format.StrangeFrame(Torn))],
        FaultKind.WrongJson => [WireStep.Write(format.StrangeFrame(Nonsense))],
        FaultKind.ErrorInStream => [WireStep.Write(format.ErrorFrame())],
        FaultKind.Endless => Repeat(next.Bytes),
        _ => [],
    };

    private IEnumerable<WireStep> Repeat(byte[] bytes)
    {
        for (long sent = 0; sent < ScriptedFault.MaxEndlessBytes; sent += bytes.Length)
        {
            if (pace.Delay > TimeSpan.Zero) yield return WireStep.Wait(pace.Delay);
            yield return WireStep.Write(bytes);
        }

        yield return WireStep.Drop(DropStyle.Reset);
    }

    private IEnumerable<WireStep> Cut(IEnumerable<WireStep> steps)
    {
        if (pace.CutBytes is not { } size) return steps;
        return steps.SelectMany(s => s.Kind == WireStepKind.Write ? Parts(s.Bytes, Math.Max(1, size)) : [s]);
    }

    private static IEnumerable<WireStep> Parts(ReadOnlyMemory<byte> bytes, int size)
    {
        for (var at = 0; at < bytes.Length; at += size) yield return WireStep.Write(bytes.Slice(at, Math.Min(size, bytes.Length - at)));
    }
}
