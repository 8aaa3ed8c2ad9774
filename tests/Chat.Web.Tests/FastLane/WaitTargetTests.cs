using System.Text;
using ErlChat.Web.FastLane;
using ErlChat.Web.Requests;

namespace ErlChat.Web.Tests.FastLane;

/// <summary>Which targets the lane accepts as polls. It must understand them in the same way as the ordinary pipeline does.</summary>
public class WaitTargetTests
{
    private const string Epoch = "Ep-och_1";

    [Theory]
    [InlineData("/chat/wait?msg_id=0", 0, false, false)]
    [InlineData("/chat/wait/?msg_id=7", 7, false, false)]
    [InlineData("/chat/wait/?msg_id=007", 7, false, false)]
    [InlineData("/chat/wait/?msg_id=999999999999999999", 999999999999999999, false, false)]
    [InlineData("/chat/wait/?msg_id=7&joins=all", 7, true, false)]
    [InlineData("/chat/wait/?joins=none&msg_id=7", 7, false, false)]
    [InlineData("/chat/wait/?msg_id=7&joins=", 7, false, false)]
    [InlineData("/chat/wait/?msg_id=7&joins=ALL", 7, false, false)]
    [InlineData("/chat/wait/?msg_id=7&epoch=Ep-och_1", 7, false, false)]
    [InlineData("/chat/wait/?msg_id=7&epoch=ep-och_1", 7, false, true)]
    [InlineData("/chat/wait/?epoch=&msg_id=7", 7, false, true)]
    [InlineData("/chat/wait?epoch=x&joins=all&msg_id=7", 7, true, true)]
    public void Plain_polls_are_accepted(string target, long messageId, bool allJoins, bool otherEpoch)
    {
        Assert.True(WaitTarget.TryParse(Encoding.ASCII.GetBytes(target), Epoch, out WaitQuery query));
        bool hasEpoch = target.Contains("epoch=", StringComparison.Ordinal);
        Assert.Equal(new WaitQuery(messageId, allJoins, otherEpoch, hasEpoch), query);
        Assert.Equal(WaitQuery.Parse(target[target.IndexOf('?', StringComparison.Ordinal)..], Epoch), query);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/chat/wait")]
    [InlineData("/chat/wait/")]
    [InlineData("/chat/wait?")]
    [InlineData("/chat/wait//?msg_id=7")]
    [InlineData("/chat/waits?msg_id=7")]
    [InlineData("/chat/wait/x?msg_id=7")]
    [InlineData("/chat/wait;x?msg_id=7")]
    [InlineData("/Chat/wait/?msg_id=7")]
    [InlineData("//chat/wait/?msg_id=7")]
    [InlineData("/chat//wait/?msg_id=7")]
    [InlineData("/chat/./wait/?msg_id=7")]
    [InlineData("/chat/w%61it/?msg_id=7")]
    [InlineData("/chat/wait/?joins=all")]
    [InlineData("/chat/wait/?msg_id")]
    [InlineData("/chat/wait/?msg_id=")]
    [InlineData("/chat/wait/?msg_id=-1")]
    [InlineData("/chat/wait/?msg_id=+1")]
    [InlineData("/chat/wait/?msg_id=1.5")]
    [InlineData("/chat/wait/?msg_id=1x")]
    [InlineData("/chat/wait/?msg_id=%31")]
    [InlineData("/chat/wait/?msg_id=1234567890123456789")]
    [InlineData("/chat/wait/?msg_id=7&msg_id=8")]
    [InlineData("/chat/wait/?msg_id=7&joins=all&joins=all")]
    [InlineData("/chat/wait/?msg_id=7&epoch=x&epoch=y")]
    [InlineData("/chat/wait/?msg_id=7&")]
    [InlineData("/chat/wait/?&msg_id=7")]
    [InlineData("/chat/wait/??msg_id=7")]
    [InlineData("/chat/wait/?msg_id=7#x")]
    [InlineData("/chat/wait/?msg_id=7&other=1")]
    [InlineData("/chat/wait/?MSG_ID=7")]
    [InlineData("/chat/wait/?msg%5Fid=7")]
    [InlineData("/chat/wait/?msg_id=7&epoch=a%2Db")]
    [InlineData("/chat/wait/?msg_id=7&epoch=a+b")]
    public void Everything_else_is_left_to_the_ordinary_pipeline(string target) =>
        Assert.False(WaitTarget.TryParse(Encoding.ASCII.GetBytes(target), Epoch, out _));
}
