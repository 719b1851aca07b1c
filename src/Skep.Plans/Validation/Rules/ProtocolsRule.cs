using Skep.Plans.Reading;
using Skep.Plans.Reading.Binding;

namespace Skep.Plans.Validation.Rules;

/// <summary>Agents follow protocols that exist: of the plan, or built in.</summary>
internal sealed class ProtocolsRule : IPlanRule
{
    /// <inheritdoc />
    public void Check(ValidationContext context)
    {
        var known = context.ProtocolNames;
        for (var i = 0; i < context.Plan.Agents.Count; i++)
        {
            var agent = context.Plan.Agents[i];
            for (var n = 0; n < agent.Protocols.Count; n++)
            {
                var name = agent.Protocols[n];
                if (!known.Contains(name))
                    context.Bag.Error(DiagnosticCodes.UnknownProtocol, PlanSources.At(context.Sources.Agents[i], "protocols", n, agent.At), $"unknown protocol '{DiagnosticBag.OneLine(name)}'; {Suggestion.Hint(name, known, "protocols")}", name);
            }
        }
    }
}
