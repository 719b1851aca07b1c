global using Skep.Client;
global using Skep.Client.Commands;
global using Skep.Client.Reading;
global using Skep.Client.Terminal;
global using Skep.Orchestration;
global using Skep.Plans;
global using Skep.Storage;
// The runtime has a type of the same name, which nothing here means.
global using TaskStatus = Skep.Orchestration.TaskStatus;
