namespace Skep.Vectors.Tests;

public sealed class VectorExceptionTests
{
    [Fact]
    public void A_fault_keeps_its_kind_its_message_and_its_cause()
    {
        var cause = new IOException("disk");
        var fault = new VectorException(VectorFault.Disk, "cannot write", cause);

        Assert.Equal((VectorFault.Disk, "cannot write", cause), (fault.Fault, fault.Message, fault.InnerException));
    }
}
