using Skep.Mcp.Arguments;
using Skep.Mcp.Folder;

namespace Skep.Mcp.Catalogue;

/// <summary>Tells the caller how far long work has come.</summary>
/// <param name="done">How much is done; grows.</param>
/// <param name="total">Of how much, where that is known.</param>
/// <param name="message">What happens.</param>
internal delegate Task Progress(double done, double? total, string message);

/// <summary>One call of a tool.</summary>
/// <param name="Args">Its arguments, checked.</param>
/// <param name="Desk">What it works with.</param>
/// <param name="Tell">Tells how far it has come; does nothing where the caller does not want to know.</param>
internal sealed record ToolCall(ToolArguments Args, FolderDesk Desk, Progress Tell);
