using ErlChat.Mailboxes;
using ErlChat.Outcomes;
using ErlChat.Postings;

namespace ErlChat.Tests;

/// <summary>Mail that nobody has acknowledged yet loses the text of a message that is deleted.</summary>
public class RemovedTextTests
{
    [Fact]
    public async Task Who_has_not_read_a_message_gets_it_without_its_text()
    {
        await using TestChat chat = await TestChat.StartAsync();
        TestSession amy = await chat.LoginAsync("amy"), bob = await chat.LoginAsync("bob"), cy = await chat.LoginAsync("cy");
        foreach (TestSession reader in (TestSession[])[amy, bob, cy])
            await reader.DrainAsync();
        long said = await SayAsync(chat, amy, "secret");
        long whispered = Sequence(await amy.SubmitAsync("secret for bob", to: "bob"));
        long edited = Sequence(await chat.Room.Messages.EditAsync(amy.Box, said, "secret too", null, CancellationToken.None));
        await SayAsync(chat, amy, "stays");

        // Bob reads, and the answer is lost. He asks again after the deletion.
        Assert.Equal(4, (await bob.PollAsync()).Mail.Length);
        long held = chat.Office.HeldBytes;
        await DeleteAsync(chat, amy, said);
        await DeleteAsync(chat, amy, whispered);
        Assert.True(chat.Office.HeldBytes < held + 1000, $"{held} and then {chat.Office.HeldBytes}");
        foreach (TestSession reader in (TestSession[])[bob, cy, amy])
        {
            IReadOnlyList<Mail> mail = await reader.DrainAsync();
            Assert.DoesNotContain(mail, one => $"{one.Content}".Contains("secret", StringComparison.Ordinal));
            Spoken thin = Assert.IsType<Spoken>(mail[0].Content);
            Assert.Equal((said, "", true), (mail[0].Sequence, thin.Text, thin.Change!.IsRemoval));
            Assert.Equal("", Assert.IsType<MessageChanged>(mail.Single(one => one.Sequence == edited).Content).Text);
            Assert.Equal(reader == cy ? 0 : 1, mail.Count(one => one.Content is Whisper { Text: "", Change.IsRemoval: true }));
            Assert.Contains(mail, one => one.Content is Spoken { Text: "stays" });
            Assert.Contains(mail, one => one.Content is MessageRemoved);
        }

        // Everybody has read everything. The count of what is held is as if nothing had been replaced.
        Assert.All((TestSession[])[amy, bob, cy], one => chat.Office.Find(one.Key)!.Drop());
        Assert.Equal(0, chat.Office.HeldBytes);
    }

    // A mailbox on a node where nobody reads is refilled from the recent mail.
    [Fact]
    public async Task Whoever_comes_from_another_node_does_not_get_a_deleted_text_either()
    {
        await using Cluster cluster = await Cluster.StartAsync(2);
        TestSession bob = await cluster[0].LoginAsync("bob");
        TestSession amy = await cluster[1].LoginAsync("amy");
        long said = Sequence(await cluster[1].SayAsync(amy, "secret"));
        long last = 0;
        for (int i = 0; i < 100; i++)
            last = Sequence(await cluster[1].SayAsync(amy, "words"));
        await DeleteAsync(cluster[1], amy, said);
        await Eventually.BeTrueAsync(() => cluster[0].Office.Head > last);
        Mail first = (await cluster.ReadAsync(1, bob, said)).Mail[0];
        Assert.Equal((said, ""), (first.Sequence, Assert.IsType<Spoken>(first.Content).Text));
        Assert.True(cluster[1].Office.HeldBytes > 0);
    }

    private static async Task<long> SayAsync(TestChat chat, TestSession session, string text) =>
        Sequence(await chat.SayAsync(session, text).WithinAsync());

    private static async Task DeleteAsync(TestChat chat, TestSession session, long message) =>
        Sequence(await chat.Room.Messages.DeleteAsync(chat.Office.Find(session.Key)!, message, null, CancellationToken.None).WithinAsync());

    private static long Sequence(Outcome? outcome) => Assert.IsType<Accepted>(outcome).Sequence;
}
