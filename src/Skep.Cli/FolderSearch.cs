using Skep.Embeddings;
using Skep.Memory;
using Skep.Models;
using Skep.Models.Embeddings;
using Skep.Models.Endpoints;

namespace Skep.Cli;

/// <summary>Search of a folder's memory by vectors too, with the models that the folder and the environment know.</summary>
internal static class FolderSearch
{
    /// <summary>Opens it for a host.</summary>
    /// <param name="environment">Reads a variable of the environment.</param>
    /// <param name="time">The clock.</param>
    public static Func<MemoryStore, SkepFolder, MemorySearch> Opener(Func<string, string?> environment, TimeProvider time)
    {
        var kept = new KeptTexts();
        return (memory, folder) => Open(memory, folder, environment, time, kept);
    }

    private static MemorySearch Open(MemoryStore memory, SkepFolder folder, Func<string, string?> environment, TimeProvider time, KeptTexts kept)
    {
        var models = new Lazy<ModelSource>(() => new ModelSource(folder.Root, new ModelSourceOptions { Environment = environment, Time = time }));
        return MemorySearch.Open(memory, Path.Combine(folder.Root, SkepHostOptions.MemoryIndexFolder), time, (name, cancel) => EmbedderAsync(models.Value, name, time, cancel), kept);
    }

    private static async ValueTask<IEmbedder> EmbedderAsync(ModelSource models, string name, TimeProvider time, CancellationToken cancel)
    {
        try
        {
            return new Plain(await ModelEmbedder.CreateAsync(models.ResolveEmbeddings(name), new ModelEmbedderOptions { Time = time }, cancel));
        }
        catch (ModelException e)
        {
            throw Unusable(name, e);
        }
    }

    private static MemoryException Unusable(string name, ModelException e) => new(MemoryFault.InvalidRequest, $"the model '{name}' cannot embed texts now: {e.Message}", e);

    /// <summary>With faults that memory knows.</summary>
    private sealed class Plain(ModelEmbedder inner) : IEmbedder
    {
        public EmbeddingModelId Model => inner.Model;

        public async ValueTask EmbedAsync(IReadOnlyList<string> texts, Memory<float> vectors, CancellationToken cancel = default)
        {
            try
            {
                await inner.EmbedAsync(texts, vectors, cancel);
            }
            catch (ModelException e)
            {
                throw Unusable(inner.Model.Name, e);
            }
        }
    }
}
