using Skep.Client;
using Skep.Client.Commands;

return await CommandProgram.RunAsync(args, CliContext.OfProcess(), ThinCommand.Create);
