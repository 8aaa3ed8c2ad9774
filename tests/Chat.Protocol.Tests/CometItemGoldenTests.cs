using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using ErlChat.Protocol.Comet;

namespace ErlChat.Protocol.Tests;

/// <summary>
/// The bytes of every item type, on which existing clients rely. If a golden file is missing, the test writes it and fails once.
/// </summary>
public class CometItemGoldenTests
{
    private static readonly DateTimeOffset s_at = new(2026, 11, 20, 9, 0, 22, 7, TimeSpan.FromHours(2));

    public static TheoryData<string, CometItem> Items => new()
    {
        { "user_joined_room", new UserJoinedItem(7, s_at, null, "erin") },
        { "user_joined_room.room", new UserJoinedItem(8, s_at, "den", "erin") },
        { "user_left_room", new UserLeftItem(9, s_at, null, "erin", "normal") },
        { "user_left_room.room", new UserLeftItem(10, s_at, "den", "erin", "normal") },
        { "user_left_room.rooms", new UserLeftItem(11, s_at, null, "erin", "kicked: \"out\"", ["lobby", "den"]) },
        { "chat_msg", new ChatItem(12, s_at, null, "erin", "a <b> & \"c\" 'd' / \\ é € 😀", Own: false) },
        { "chat_msg.room", new ChatItem(13, s_at, "den", "erin", "hi", Own: false) },
        { "chat_msg.action", new ChatItem(14, s_at, null, "erin", "waves", Own: false, Action: true) },
        { "sent_chat_msg", new ChatItem(15, s_at, null, "erin", "line 1\nline 2\t\u0000\u001f\u007f\u2028\ufffe", Own: true) },
        { "sent_chat_msg.action.room", new ChatItem(16, s_at, "den", "erin", "waves", Own: true, Action: true) },
        { "admin_logged_in", new AdminItem(17, s_at, "root1", LoggedIn: true) },
        { "admin_logged_out", new AdminItem(18, s_at, "root1", LoggedIn: false) },
        { "system_msg", new SystemItem(19, s_at, null, "Removed ban.") },
        { "system_msg.escaped", new SystemItem(20, s_at, null, "<b>&\"'\nnext") },
        { "system_msg.html", new SystemItem(21, s_at, null, "Nick: erin", "<table><tr><td>erin</td></tr></table>") },
        { "system_msg.room", new SystemItem(22, s_at, "den", "word") },
        { "whisper", new WhisperItem(23, s_at, "erin", "bob", "psst <i>", Own: false) },
        { "whisper.own", new WhisperItem(24, s_at, "erin", "bob", "psst", Own: true) },
        { "topic", new TopicItem(25, s_at, null, "erin", "tea & cake") },
        { "topic.none", new TopicItem(26, s_at, "den", "erin", "") },
        { "entered", new EnteredItem(27, s_at, "den", "tea", ["bob", "erin"]) },
        { "entered.lobby", new EnteredItem(28, s_at, null, "", ["erin"]) },
        { "entered.title", new EnteredItem(34, s_at, "den", "tea", ["bob", "erin"], "Cellar") },
        { "room_renamed", new RenamedItem(35, s_at, "den", "erin", "Cellar") },
        { "room_renamed.back", new RenamedItem(36, s_at, null, "erin", null) },
        { "parted", new PartedItem(29, s_at, "den") },
        { "read", new ReadItem(31, s_at, "den", null, 30) },
        { "read.with", new ReadItem(32, s_at, null, "0123456789abcdef", 30) },
        { "preferences", new PreferencesItem(33, s_at) },
        { "message_edited", new EditedItem(34, s_at, null, 12, "erin", "now & then") },
        { "message_edited.action.room", new EditedItem(35, s_at, "den", 14, "erin", "sits", Action: true) },
        { "message_edited.with", new EditedItem(36, s_at, null, 23, "erin", "psst!") { With = "0123456789abcdef" } },
        { "message_removed", new RemovedItem(37, s_at, null, 12, "erin") },
        { "message_removed.room", new RemovedItem(38, s_at, "den", 13, "erin", ByModerator: true) },
        { "message_removed.with", new RemovedItem(39, s_at, null, 23, "erin") { With = "0123456789abcdef" } },
        { "message_pinned", new PinItem(45, s_at, "den", 13, "erin", On: true) { Unpinned = 12 } },
        { "message_pinned.off", new PinItem(46, s_at, null, 13, "erin", On: false) },
        { "away", new AwayItem(52, s_at, "erin", "0123456789abcdef", On: true) },
        { "away.off", new AwayItem(53, s_at, "erin", "0123456789abcdef", On: false) },
        { "chat_msg.reply", new ChatItem(47, s_at, null, "bob", "yes", Own: false) { Parent = new ItemParent(12, "erin", "hi & bye") } },
        { "whisper.reply", new WhisperItem(48, s_at, "bob", "erin", "yes", Own: true) { Parent = new ItemParent(23, null) } },
        { "reaction", new ReactionItem(40, s_at, null, 12, [new("👍", "0123456789abcdef", "erin", true), new("🙂", "1", "bob", false)]) },
        { "reaction.with", new ReactionItem(41, s_at, null, 23, [new("👍", "2", "erin", true)]) { With = "0123456789abcdef" } },
        { "reactions", new ReactionsItem(42, s_at, "den", 13, [new("👍", 11, true, ["erin", "bob"])]) },
        { "reactions.none", new ReactionsItem(43, s_at, null, 23, []) { With = "0123456789abcdef" } },
        {
            "chat_msg.reactions",
            new ChatItem(12, s_at, null, "erin", "hi", Own: false) { Reactions = new ItemReactions(44, [new("👍", 1, false, ["bob"])]) }
        },
        {
            "whisper.reactions",
            new WhisperItem(23, s_at, "erin", "bob", "psst", Own: true) { Reactions = new ItemReactions(45, []) }
        },
        { "chat_msg.edited", new ChatItem(12, s_at, null, "erin", "now & then", Own: false) { Edited = s_at.AddSeconds(5) } },
        { "chat_msg.deleted", new ChatItem(12, s_at, null, "erin", "", Own: false) { IsDeleted = true } },
        { "whisper.edited", new WhisperItem(23, s_at, "erin", "bob", "psst!", Own: false) { Edited = s_at.AddSeconds(5) } },
        { "whisper.deleted", new WhisperItem(23, s_at, "erin", "bob", "", Own: true) { IsDeleted = true } },
        { "parted.by", new PartedItem(30, s_at, "den", "bob", "too <loud>") },
        { "largest", new ChatItem(long.MaxValue, DateTimeOffset.MaxValue, null, "erin", "", Own: false) },
    };

    [Theory]
    [MemberData(nameof(Items), DisableDiscoveryEnumeration = true)]
    public void The_bytes_match_the_golden_file(string name, CometItem item)
    {
        byte[] bytes = CometJson.Encode(item);
        string golden = Path.Combine(AppContext.BaseDirectory, "Golden", name + ".json");
        if (!File.Exists(golden))
        {
            File.WriteAllBytes(Path.Combine(SourceFolder(), "Golden", name + ".json"), [.. bytes, (byte)'\n']);
            Assert.Fail($"Golden/{name}.json was not there. It has been written; look at it, and run again.");
        }

        // The file ends with a newline, as text files do. The bytes on the wire do not.
        Assert.Equal(File.ReadAllText(golden, Encoding.UTF8), Encoding.UTF8.GetString(bytes) + "\n");
        Assert.Equal<IEnumerable<byte>>(File.ReadAllBytes(golden), [.. bytes, (byte)10]);
    }

    [Theory]
    [MemberData(nameof(Items), DisableDiscoveryEnumeration = true)]
    public void The_original_keys_come_first_and_in_their_order(string name, CometItem item)
    {
        using JsonDocument parsed = JsonDocument.Parse(CometJson.Encode(item));
        string[] keys = [.. parsed.RootElement.EnumerateObject().Select(member => member.Name)];
        Assert.Equal("id t d at", string.Join(" ", keys[..4]));
        Assert.Equal(keys.Length, keys.Distinct().Count());
        string type = item is SystemItem ? "system_msg" : name == "largest" ? "chat_msg" : name;
        Assert.StartsWith(parsed.RootElement.GetProperty("t").GetString()!, type);
    }

    [Fact]
    public void Every_item_type_has_a_golden_file()
    {
        // An unknown item is only parsed: a newer server has written it.
        Type[] all = [.. typeof(CometItem).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(CometItem)) && !type.IsAbstract && type != typeof(UnknownItem))];
        Type[] covered = [.. Items.Select(row => row.Data.Item2.GetType()).Distinct()];
        Assert.Empty(all.Except(covered));
    }

    [Fact]
    public void No_golden_file_is_left_over()
    {
        string[] names = [.. Items.Select(row => row.Data.Item1)];
        Assert.Empty(Directory.GetFiles(Path.Combine(SourceFolder(), "Golden")).Select(Path.GetFileNameWithoutExtension).Except(names));
    }

    [Fact]
    public void A_system_message_carries_its_plain_text_only_if_the_HTML_differs()
    {
        Assert.DoesNotContain("\"text\"", Text(new SystemItem(1, s_at, null, "plain 'words'")), StringComparison.Ordinal);
        Assert.Contains(
            "\"d\":\"&lt;b&gt;\",\"at\":\"2026-11-20T07:00:22.007Z\",\"text\":\"<b>\"",
            Text(new SystemItem(1, s_at, null, "<b>")),
            StringComparison.Ordinal);
    }

    private static string Text(CometItem item) => Encoding.UTF8.GetString(CometJson.Encode(item));

    private static string SourceFolder([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
