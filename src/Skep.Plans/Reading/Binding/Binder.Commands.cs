using Skep.Plans.Reading.Text;
using Skep.Plans.Reading.Yaml;

namespace Skep.Plans.Reading.Binding;

/// <summary>Reading commands.</summary>
internal sealed partial class Binder
{
    /// <summary>A command: arguments as text or list, or a script for a shell.</summary>
    /// <param name="run">The value of <c>run</c>, or null when there is none.</param>
    /// <param name="shell">Whether a shell runs it.</param>
    /// <param name="hasItem">Whether <c>item</c> has a value here.</param>
    public CommandSpec? Command(YamlNode? run, bool shell, bool hasItem)
    {
        switch (run)
        {
            case null: return null;
            case YamlSequence list when shell:
                Error(DiagnosticCodes.ConflictingKeys, list.Span, "a shell takes one script, not a list; write 'run' as a text or remove 'shell: true'");
                return null;
            case YamlSequence list: return Arguments(list);
            case YamlScalar scalar when string.IsNullOrWhiteSpace(scalar.Value):
                Error(DiagnosticCodes.BadCommand, scalar.Span, "'run' is empty; write a program and its arguments");
                return null;
            case YamlScalar scalar: return shell ? Script(scalar, hasItem) : Line(scalar);
            default:
                WrongType(run, "'run' must be a command line or a list of arguments");
                return null;
        }
    }

    private CommandSpec? Arguments(YamlSequence list)
    {
        var argv = new List<string>(list.Items.Count);
        foreach (var item in list.Items)
        {
            if (item is YamlScalar { IsNull: true, Value: "" }) argv.Add("");
            else if (Text(item, "run") is { } text) argv.Add(Template((YamlScalar)item, text));
        }

        if (argv.Count > 0 && argv[0].Length > 0) return new CommandSpec { Argv = argv, At = list.Span };
        Error(DiagnosticCodes.BadCommand, list.Span, "'run' is empty; the first item must be a program");
        return null;
    }

    private CommandSpec? Line(YamlScalar scalar)
    {
        List<Argument> arguments;
        bool spansLines;
        try
        {
            arguments = CommandLine.Split(scalar.Value, out spansLines);
        }
        catch (CommandLineException e)
        {
            Error(DiagnosticCodes.BadCommand, scalar.At(e.Offset), e.Message, scalar.Value);
            return null;
        }

        if (arguments.Count == 0 || arguments[0].Text.Length == 0)
        {
            Error(DiagnosticCodes.BadCommand, scalar.Span, "'run' names no program", scalar.Value);
            return null;
        }

        if (spansLines)
            Error(DiagnosticCodes.BadCommand, scalar.Span, "'run' has several lines but is one command; add 'shell: true' for a script, or end a line with '\\' to go on", scalar.Value);
        else if (ShellSyntax.Find(arguments) is { } odd)
            Warning(DiagnosticCodes.ShellSyntax, scalar.At(odd.Offset, odd.Text.Length), $"'{DiagnosticBag.OneLine(odd.Text)}' is passed to '{DiagnosticBag.OneLine(arguments[0].Text)}' as it is, because no shell runs here; add 'shell: true', or put it into quotes if that is meant", odd.Text);
        return new CommandSpec { Argv = ToArgv(scalar, arguments), At = scalar.Span };
    }

    private string[] ToArgv(YamlScalar scalar, List<Argument> arguments)
    {
        var argv = new string[arguments.Count];
        for (var i = 0; i < argv.Length; i++)
        {
            var argument = arguments[i];
            argv[i] = argument.Text;
            if (Expressions.Template.MayHoldExpressions(argument.Text))
                Template(argument.Text, offset => scalar.At(argument.Offset + (argument.IsQuoted ? 0 : offset)));
        }

        return argv;
    }

    private CommandSpec Script(YamlScalar scalar, bool hasItem)
    {
        if (ShellSyntax.FindExpression(scalar.Value, hasItem, out var found) is var at and >= 0)
        {
            var name = found.Contains("item", StringComparison.Ordinal) ? "ITEM" : "VALUE";
            Error(DiagnosticCodes.ExpressionInScript, scalar.At(at, found.Length), $"'{DiagnosticBag.OneLine(found)}' is not filled in inside a script, because its value would be run as code; pass it through the environment: env: {{{name}: \"{DiagnosticBag.OneLine(found)}\"}}, then \"${name}\" in the script", found);
        }

        return new CommandSpec { Script = scalar.Value, At = scalar.Span };
    }
}
