using Skep.Plans.Reading;

namespace Skep.Plans.Validation.Rules;

/// <summary>Secrets come from the environment of the host and never stand in a plan, which is stored, printed and passed around.</summary>
internal sealed class SecretsRule : IPlanRule
{
    private static readonly string[] Telling = ["password", "passwd", "secret", "token", "api_key", "apikey", "private_key", "credential"];

    /// <inheritdoc />
    public void Check(ValidationContext context)
    {
        var secrets = context.Plan.Swarm.Secrets.ToHashSet(StringComparer.Ordinal);
        foreach (var name in context.Sources.Vars)
        {
            if (secrets.Contains(name.Value))
                context.Bag.Error(DiagnosticCodes.SecretInPlan, name.Span, $"'{DiagnosticBag.OneLine(name.Value)}' is secret and cannot be a variable; its value comes from the environment", name.Value);
            else if (context.Plan.Vars.TryGetValue(name.Value, out var value) && value.AsText is { Length: > 0 } && LooksSecret(name.Value))
                context.Bag.Warning(DiagnosticCodes.SecretInPlan, name.Span, $"variable '{DiagnosticBag.OneLine(name.Value)}' looks like a secret; variables are stored in clear; pass it through the environment and name it in 'secrets' of the swarm", name.Value);
        }

        foreach (var (name, value) in context.Sources.EnvironmentValues)
            if (secrets.Contains(name.Value) && value.Value.Length > 0)
                context.Bag.Error(DiagnosticCodes.SecretInPlan, value.Span, $"the value of the secret '{name.Value}' cannot stand in a plan; remove it here and set it in the environment of the host", name.Value);
    }

    private static bool LooksSecret(string name) => Array.Exists(Telling, t =>
        name.Equals(t, StringComparison.OrdinalIgnoreCase) || name.EndsWith("_" + t, StringComparison.OrdinalIgnoreCase) || name.EndsWith("-" + t, StringComparison.OrdinalIgnoreCase));
}
