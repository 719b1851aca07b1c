using System.Runtime.InteropServices;
using System.Text;

namespace Skep.Orchestration.Processes;

/// <summary>A null-terminated array of UTF-8 strings, as <c>argv</c> and <c>envp</c> are passed: pointers and text in one block of native memory.</summary>
internal sealed unsafe class NativeStrings : IDisposable
{
    private byte** _pointers;

    public NativeStrings(IReadOnlyCollection<string> texts)
    {
        var size = (nuint)(texts.Count + 1) * (nuint)sizeof(byte*);
        foreach (var text in texts) size += (nuint)Encoding.UTF8.GetByteCount(text) + 1;
        _pointers = (byte**)NativeMemory.Alloc(size);
        Fill(texts);
    }

    public byte** Pointer => _pointers;

    public void Dispose()
    {
        NativeMemory.Free(_pointers);
        _pointers = null;
    }

    private void Fill(IReadOnlyCollection<string> texts)
    {
        var slot = _pointers;
        var text = (byte*)(_pointers + texts.Count + 1);
        foreach (var item in texts)
        {
            *slot++ = text;
            text += Encoding.UTF8.GetBytes(item, new Span<byte>(text, Encoding.UTF8.GetByteCount(item)));
            *text++ = 0;
        }

        *slot = null;
    }
}
