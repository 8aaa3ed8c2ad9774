using ErlChat.Mailboxes;
using ErlChat.Names;
using ErlChat.Postings;
using ErlChat.Web.Flack;

namespace ErlChat.Web.Tests.Flack;

/// <summary>What a flack client that is behind is sent of messages that have been deleted meanwhile.</summary>
public sealed class FlackDeletedTests
{
    private static readonly Person s_amy = new("amy", "amy", "id");

    [Theory]
    [InlineData("words", false, true)]
    [InlineData("", true, false)]
    public void A_message_without_text_has_no_record(string text, bool isDeleted, bool isSent)
    {
        MessageChange? change = isDeleted ? new MessageChange(9, default, MessageChangeKind.Removed) : null;
        var spoken = new Mail(5, default, new Spoken("den", s_amy, text, Action: false, Own: false) { Change = change });
        var edit = new Mail(7, default, new MessageChanged(new MessageRef(5, default, s_amy) { Room = "den" }, text, Own: false));
        var format = new FlackFormat();
        Assert.Equal((isSent, isSent), (format.Encode(spoken).Length > 0, format.Encode(edit).Length > 0));
    }
}
