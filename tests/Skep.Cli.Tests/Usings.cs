global using Skep.Cli.Tests.Support;
global using Skep.Orchestration;
global using Skep.Plans;
global using Skep.Storage;
global using TaskStatus = Skep.Orchestration.TaskStatus;
