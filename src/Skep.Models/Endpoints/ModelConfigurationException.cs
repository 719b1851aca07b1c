namespace Skep.Models.Endpoints;

/// <summary>A file or variable that says where models answer, or what they cost, cannot be used.</summary>
/// <param name="message">What, where and how to fix it; without keys.</param>
/// <param name="inner">What caused it.</param>
public sealed class ModelConfigurationException(string message, Exception? inner = null) : Exception(message, inner);
