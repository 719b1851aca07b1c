global using Skep.Orchestration;
global using Skep.Storage;
