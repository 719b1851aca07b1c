namespace Skep.Plans;

/// <summary>The stable identifiers of findings.</summary>
public static class DiagnosticCodes
{
}
