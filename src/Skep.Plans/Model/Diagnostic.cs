namespace Skep.Plans;

/// <summary>How bad a <see cref="Diagnostic"/> is.</summary>
public enum Severity
{
    /// <summary>The plan runs, but probably not as meant.</summary>
    Warning,

    /// <summary>The plan does not run.</summary>
    Error,
}

/// <summary>One finding about a plan: what is wrong, where it stands, and what would be right.</summary>
/// <param name="Severity">Error or warning.</param>
/// <param name="Code">Stable identifier such as <c>unknown-agent</c>; see <see cref="DiagnosticCodes"/>.</param>
/// <param name="Message">One sentence that names the offender: <c>unknown agent 'tester'; did you mean 'test'?</c></param>
/// <param name="At">Position in the file.</param>
/// <param name="Offender">The offending text, as written, shortened to one line.</param>
public sealed record Diagnostic(Severity Severity, string Code, string Message, SourceSpan At, string? Offender = null)
{
    /// <summary>The file in which it stands, when that is not the plan itself: the path of an agent file.</summary>
    public string? File { get; init; }

    /// <summary>Formats as <c>file:line:column: error[code]: message</c>, the form that editors and CI systems link.</summary>
    public string Format(string file) =>
        $"{File ?? file}:{(At.IsKnown ? $"{At.Line}:{At.Column}" : "1:1")}: {(Severity == Severity.Error ? "error" : "warning")}[{Code}]: {Message}";
}
