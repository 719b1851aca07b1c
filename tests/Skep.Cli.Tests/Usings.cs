global using Skep.Cli.Tests.Support;
global using Skep.Client;
global using Skep.Client.Commands;
global using Skep.Client.Terminal;
global using Skep.Orchestration;
global using Skep.Plans;
global using Skep.Storage;
global using TaskStatus = Skep.Orchestration.TaskStatus;
