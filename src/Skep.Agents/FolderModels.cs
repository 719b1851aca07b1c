using Skep.Models;
using Skep.Models.Endpoints;
using Skep.Models.Limits;
using Skep.Orchestration;

namespace Skep.Agents;

/// <summary>The models of a folder.</summary>
/// <param name="Source">Finds them.</param>
/// <param name="Keys">Values that must never be shown.</param>
public sealed record FolderModels(IModelSource Source, Func<IEnumerable<string>> Keys)
{
    /// <summary>
    /// The models that the environment and the folder's files name (see <see cref="ModelSource"/>), each provider behind a gate of its own. Files are read
    /// when the first model is asked for, so that plans without models do not stumble over them.
    /// </summary>
    public static FolderModels Of(SkepHost host, Func<string, string?> environment)
    {
        ArgumentNullException.ThrowIfNull(host);
        var options = new ModelSourceOptions { Environment = environment, Time = host.Time, Gate = endpoint => GateOf(endpoint, host.Time) };
        var source = new Lazy<ModelSource>(() => new ModelSource(host.Folder.Root, options));
        return new FolderModels(new LazySource(source), () => KeysOf(source));
    }

    private static ProviderGate GateOf(ModelEndpoint endpoint, TimeProvider time) => new(
        endpoint.Name, new GateOptions { Limits = new GateLimits(endpoint.RequestsPerMinute, endpoint.TokensPerMinute) }, time);

    private static IEnumerable<string> KeysOf(Lazy<ModelSource> source)
    {
        try
        {
            return source.Value.SecretValues;
        }
        catch (ModelConfigurationException)
        {
            // Whoever asks for a model is told.
            return [];
        }
    }

    private sealed class LazySource(Lazy<ModelSource> source) : IModelSource, IDisposable
    {
        public ModelRoute Resolve(string model)
        {
            try
            {
                return source.Value.Resolve(model);
            }
            catch (ModelConfigurationException e)
            {
                throw new ModelException(ModelFault.BadRequest, e.Message, e);
            }
        }

        public void Dispose()
        {
            if (source.IsValueCreated) source.Value.Dispose();
        }
    }
}
