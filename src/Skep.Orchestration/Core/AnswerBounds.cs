namespace Skep.Orchestration;

/// <summary>Bounds of what an agent may answer. What exceeds them makes the attempt fail: an agent's word is data, not trusted.</summary>
public static class AnswerBounds
{
    /// <summary>Most outputs.</summary>
    public const int MaxOutputs = 1000;

    /// <summary>Most characters of all outputs together.</summary>
    public const int MaxOutputChars = 256 * 1024;

    /// <summary>Most artifacts.</summary>
    public const int MaxArtifacts = 1000;

    /// <summary>Most characters of an error or a piece of evidence.</summary>
    public const int MaxMessage = 4096;

    /// <summary>Returns the answer within its bounds, or the failure that it amounts to.</summary>
    public static AttemptResult Checked(AttemptResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        if (!Enum.IsDefined(result.Outcome)) return AttemptResult.Failure("its answer has an unknown outcome");
        if (result.Outputs.Count > MaxOutputs) return TooMuch($"{result.Outputs.Count} outputs; at most {MaxOutputs} are kept");
        if (result.Artifacts.Count > MaxArtifacts) return TooMuch($"{result.Artifacts.Count} artifacts; at most {MaxArtifacts} are kept");
        long chars = 0;
        foreach (var (key, value) in result.Outputs)
        {
            // Agents are code of others, compiled without our null checks.
            if (value is null) return AttemptResult.Failure($"its answer has the output '{Text.Shorten(key, 100)}' without a value", retryable: false);
            chars += key.Length + value.Length;
        }

        if (chars > MaxOutputChars) return TooMuch($"{chars} characters of output values; at most {MaxOutputChars} are kept, put larger things into files (produces)");
        return Shortened(result);
    }

    private static AttemptResult TooMuch(string what) => AttemptResult.Failure($"its answer has {what}", retryable: false);

    private static AttemptResult Shortened(AttemptResult result)
    {
        var long1 = result.Error?.Length > MaxMessage;
        var long2 = result.Evidence?.Length > MaxMessage;
        var long3 = result.LogTail.Length > AttemptResult.MaxLogTail;
        if (!long1 && !long2 && !long3) return result;
        return result with
        {
            Error = result.Error is null ? null : Text.Shorten(result.Error, MaxMessage),
            Evidence = result.Evidence is null ? null : Text.Shorten(result.Evidence, MaxMessage),
            LogTail = long3 ? result.LogTail[^AttemptResult.MaxLogTail..] : result.LogTail,
        };
    }
}
