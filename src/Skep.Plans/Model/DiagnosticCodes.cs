namespace Skep.Plans;

/// <summary>The stable identifiers of findings.</summary>
public static class DiagnosticCodes
{
    /// <summary>The text is not YAML, or uses a part of it that plans do not.</summary>
    public const string Syntax = "syntax";

    /// <summary>A tab stands in indentation.</summary>
    public const string Tab = "tab";

    /// <summary>A character that text cannot hold.</summary>
    public const string BadCharacter = "bad-character";

    /// <summary>There is no content.</summary>
    public const string Empty = "empty";

    /// <summary>More than one YAML document.</summary>
    public const string MultipleDocuments = "multiple-documents";

    /// <summary>A bound of <see cref="PlanLimits"/> or of the language is exceeded.</summary>
    public const string TooLarge = "too-large";

    /// <summary>An alias without an anchor, or inside its own anchor.</summary>
    public const string UnknownAlias = "unknown-alias";

    /// <summary>A key stands twice in one mapping.</summary>
    public const string DuplicateKey = "duplicate-key";

    /// <summary>A key that the language does not know.</summary>
    public const string UnknownKey = "unknown-key";

    /// <summary>A key of an agent file that is read over.</summary>
    public const string IgnoredKey = "ignored-key";

    /// <summary>A tool that skep has none of.</summary>
    public const string UnknownTool = "unknown-tool";

    /// <summary>An agent file that names no tools.</summary>
    public const string NoTools = "no-tools";

    /// <summary>A model without its provider.</summary>
    public const string NoProvider = "no-provider";

    /// <summary>An agent file that cannot be had.</summary>
    public const string BadAgentFile = "bad-agent-file";

    /// <summary>A key that must be there is not.</summary>
    public const string MissingKey = "missing-key";

    /// <summary>Two keys that exclude each other.</summary>
    public const string ConflictingKeys = "conflicting-keys";

    /// <summary>A value of the wrong type or form.</summary>
    public const string BadValue = "bad-value";

    /// <summary>A number or duration outside its range.</summary>
    public const string OutOfRange = "out-of-range";

    /// <summary>A text that is no identifier.</summary>
    public const string BadId = "bad-id";

    /// <summary>A command line that cannot be split into arguments.</summary>
    public const string BadCommand = "bad-command";

    /// <summary>Shell syntax where no shell runs.</summary>
    public const string ShellSyntax = "shell-syntax";

    /// <summary>An expression inside a shell script, where its value would be parsed as code.</summary>
    public const string ExpressionInScript = "expression-in-script";

    /// <summary>An expression with wrong syntax.</summary>
    public const string BadExpression = "bad-expression";

    /// <summary>An expression names something that is not there or not known at that point.</summary>
    public const string BadReference = "bad-reference";

    /// <summary>An expression where texts are taken as written.</summary>
    public const string UnusedExpression = "unused-expression";

    /// <summary>Two things have the same identifier.</summary>
    public const string DuplicateId = "duplicate-id";

    /// <summary>A task or team names an agent that does not exist.</summary>
    public const string UnknownAgent = "unknown-agent";

    /// <summary>An agent follows a protocol that does not exist.</summary>
    public const string UnknownProtocol = "unknown-protocol";

    /// <summary>A key of a hook that means nothing for its event.</summary>
    public const string HookMismatch = "hook-mismatch";

    /// <summary>A need names nothing.</summary>
    public const string UnknownNeed = "unknown-need";

    /// <summary>Tasks or phases wait for each other.</summary>
    public const string Cycle = "cycle";

    /// <summary>A task that can never run.</summary>
    public const string Unreachable = "unreachable-task";

    /// <summary>Two tasks may change the same file at the same time.</summary>
    public const string OverlappingOwners = "overlapping-owners";

    /// <summary>A task does not fit the executor of its agent.</summary>
    public const string ExecutorMismatch = "executor-mismatch";

    /// <summary>A path that leaves the workspace.</summary>
    public const string BadPath = "bad-path";

    /// <summary>A secret value in the plan.</summary>
    public const string SecretInPlan = "secret-in-plan";

    /// <summary>A committee with too few members for the faults it is to tolerate.</summary>
    public const string CommitteeTooSmall = "committee-too-small";

    /// <summary>Something that nothing uses.</summary>
    public const string Unused = "unused";

    /// <summary>A plan, phase or team without content.</summary>
    public const string NothingToDo = "nothing-to-do";

    /// <summary>A number that loses digits when it is used as text.</summary>
    public const string NumberAsText = "number-as-text";

    /// <summary>A check that was given up because it would take too long.</summary>
    public const string CheckSkipped = "check-skipped";

    /// <summary>Further findings were left out.</summary>
    public const string TooManyFindings = "too-many-findings";
}
