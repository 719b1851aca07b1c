using Skep.Cli;

return await SkepProgram.RunAsync(args, CliContext.OfProcess());
