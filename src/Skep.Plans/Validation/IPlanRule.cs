namespace Skep.Plans.Validation;

/// <summary>One family of checks. Rules do not depend on each other: each looks at the plan as it is, errors and all.</summary>
internal interface IPlanRule
{
    /// <summary>Reports what is wrong.</summary>
    void Check(ValidationContext context);
}
