namespace Skep.Plans;

/// <summary>A way of thinking that an agent is asked for; it becomes a sentence of its system prompt.</summary>
public enum CognitivePattern
{
    /// <summary>Narrow down to the one best answer.</summary>
    Convergent,

    /// <summary>Bring up many different answers before judging them.</summary>
    Divergent,

    /// <summary>Come at the question from an unusual side.</summary>
    Lateral,

    /// <summary>Look at parts, links and feedback of the whole.</summary>
    Systems,

    /// <summary>Doubt claims and evidence, and look for what would refute them.</summary>
    Critical,

    /// <summary>Look for the general rule behind the cases.</summary>
    Abstract,

    /// <summary>Choose among the others as the work goes.</summary>
    Adaptive,
}
