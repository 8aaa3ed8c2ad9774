using System.ComponentModel.DataAnnotations;

namespace ErlChat.Settings;

/// <summary>The bounds and times of the chat, configuration section <c>Chat</c>. Checked when the server starts.</summary>
public sealed class ChatOptions
{
    /// <summary>Configuration section that these are bound from.</summary>
    public const string Section = "Chat";

    /// <summary>How long a poll is parked before it is answered <c>reconnect</c>.</summary>
    /// <value>
    /// 50 ms to 10 min; 25 s by default, which with the jitter is below the limits of common proxies (nginx 60 s, haproxy 50 s, clouds and
    /// phones 30 s).
    /// </value>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:10:00")]
    public TimeSpan PollTimeout { get; set; } = TimeSpan.FromSeconds(25);

    /// <summary>
    /// How far the time of a single poll may randomly differ from <see cref="PollTimeout"/>, either way, so that polls do not return all at
    /// once.
    /// </summary>
    /// <value>0 up to less than <see cref="PollTimeout"/>; 5 s by default.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan PollJitter { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long the server may take to stop, whatever its clients do. <see cref="StopBudget"/> divides that time. A service manager should
    /// wait longer than this before it kills the process.
    /// </summary>
    /// <value>2 s to 1 min; 5 s by default.</value>
    [Range(typeof(TimeSpan), "00:00:02", "00:01:00")]
    public TimeSpan StopTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a session lives without any call and without a parked poll.</summary>
    /// <value>
    /// More than <see cref="PollTimeout"/> + <see cref="PollJitter"/> + <see cref="CheckIdle"/>, at most a day; 160 s by default, as in the
    /// original.
    /// </value>
    [Range(typeof(TimeSpan), "00:00:00.100", "1.00:00:00")]
    public TimeSpan IdleLimit { get; set; } = TimeSpan.FromSeconds(160);

    /// <summary>How often the server looks for idle sessions.</summary>
    /// <value>10 ms to 1 min; 5 s by default.</value>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan CheckIdle { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long the session of a user who is offline is kept, with its nick and its rooms. 0 ends a session when it has been idle for
    /// <see cref="IdleLimit"/>.
    /// </summary>
    /// <value>0 to 365 days; 7 days by default.</value>
    [Range(typeof(TimeSpan), "00:00:00", "365.00:00:00")]
    public TimeSpan GuestLifetime { get; set; } = TimeSpan.FromDays(7);

    /// <summary>
    /// How long a session of a member is kept that nobody uses. The member keeps the nick and the rooms, and can log in again. 0 ends a
    /// session when it has been idle for <see cref="IdleLimit"/>.
    /// </summary>
    /// <value>0 to 365 days; 30 days by default.</value>
    [Range(typeof(TimeSpan), "00:00:00", "365.00:00:00")]
    public TimeSpan MemberLifetime { get; set; } = TimeSpan.FromDays(30);

    /// <summary>Whether people can log in with a nick and nothing else.</summary>
    /// <value><c>Allowed</c> or <c>None</c>; <c>Allowed</c> by default. With <c>None</c>, only members can log in.</value>
    [EnumDataType(typeof(GuestPolicy))]
    public GuestPolicy Guests { get; set; } = GuestPolicy.Allowed;

    /// <summary>Who can become a member, and own a nick.</summary>
    /// <value>
    /// <c>Open</c> (every guest), <c>Invite</c> (those whom an administrator invites) or <c>Closed</c>; <c>Open</c> by default.
    /// </value>
    [EnumDataType(typeof(RegistrationPolicy))]
    public RegistrationPolicy Registration { get; set; } = RegistrationPolicy.Open;

    /// <summary>How many members there may be: people who own their nick.</summary>
    /// <value>0 to 1 000 000; 10 000 by default. Each costs about 1 KB of memory, whether online or not.</value>
    [Range(0, 1_000_000)]
    public int MaxMembers { get; set; } = 10_000;

    /// <summary>
    /// How many sessions a member may have. If there is one more, the one ends that has been offline for longest, or else the oldest.
    /// </summary>
    /// <value>1 to 100; 10 by default: more than the devices of one person.</value>
    [Range(1, 100)]
    public int MaxSessionsPerMember { get; set; } = 10;

    /// <summary>
    /// How many sessions of users who are offline are kept. If there is one more, the one that has been offline for longest ends.
    /// </summary>
    /// <value>0 to 10 000 000; 10 000 by default.</value>
    [Range(0, 10_000_000)]
    public int MaxOfflineSessions { get; set; } = 10_000;

    /// <summary>The same for one address; IPv6 is counted by /64.</summary>
    /// <value>0 to 1 000 000; 32 by default.</value>
    [Range(0, 1_000_000)]
    public int MaxOfflineSessionsPerHost { get; set; } = 32;

    /// <summary>How many online sessions one address may have; IPv6 is counted by /64.</summary>
    /// <value>1 to 1 000 000; 32 by default. The original allowed 3.</value>
    [Range(1, 1_000_000)]
    public int MaxSessionsPerHost { get; set; } = 32;

    /// <summary>How many characters (text elements) a nick may have; longer ASCII nicks of clients of 2009 are cut.</summary>
    /// <value>1 to 64; 16 by default, as in the original.</value>
    [Range(1, 64)]
    public int MaxNickLength { get; set; } = 16;

    /// <summary>How many bytes of UTF-8 a nick may have.</summary>
    /// <value>64 to 1024; 128 by default. A letter has up to four bytes, and so has each mark on it.</value>
    [Range(64, 1024)]
    public int MaxNickBytes { get; set; } = 128;

    /// <summary>How many characters (text elements) a message may have; a longer one is refused.</summary>
    /// <value>1 to 20 000; 2 000 by default. The original cut messages at 256 bytes.</value>
    [Range(1, 20_000)]
    public int MaxMessageLength { get; set; } = 2000;

    /// <summary>
    /// How many bytes of UTF-8 a message may have; a longer one is refused. This limits what one message costs the log, every mailbox and
    /// every browser.
    /// </summary>
    /// <value>64 B to 64 KiB; 16 KiB by default: 2 000 characters of eight bytes each, such as emoji with a skin tone.</value>
    [Range(64, 65_536)]
    public int MaxMessageBytes { get; set; } = 16 * 1024;

    /// <summary>
    /// How many combining marks one letter may have, in messages and names; a text with more is refused as too long. This limits what a
    /// browser draws as one character.
    /// </summary>
    /// <value>1 to 100; 8 by default. Written languages need up to about five (Tibetan, Hebrew with points and accents).</value>
    [Range(1, 100)]
    public int MaxMarksPerLetter { get; set; } = 8;

    /// <summary>
    /// How many messages and commands a session may send at once; they are refilled evenly over <see cref="RateLimitWindow"/>.
    /// </summary>
    /// <value>1 to 100 000; 10 by default, as in the original.</value>
    [Range(1, 100_000)]
    public int RateLimitCount { get; set; } = 10;

    /// <summary>The time in which <see cref="RateLimitCount"/> messages are refilled.</summary>
    /// <value>10 ms to 1 h; 3 s by default, as in the original.</value>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan RateLimitWindow { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>How many polls of one session (browser tabs) may be parked at a time; one more ends the oldest.</summary>
    /// <value>1 to 64; 4 by default.</value>
    [Range(1, 64)]
    public int MaxWaitsPerSession { get; set; } = 4;

    /// <summary>How many items of mail a mailbox holds. A reader that has fallen further behind gets <c>resync</c>.</summary>
    /// <value>1 to 100 000; 1 000 by default.</value>
    [Range(1, 100_000)]
    public int MaxMailboxItems { get; set; } = 1000;

    /// <summary>How many bytes of mail a mailbox holds, estimated from the texts.</summary>
    /// <value>4 KiB to 64 MiB; 1 MiB by default. A single larger message is kept anyway.</value>
    [Range(4096, 64 * 1024 * 1024)]
    public int MaxMailboxBytes { get; set; } = 1024 * 1024;

    /// <summary>
    /// In a chat of several nodes: how many items of the newest mail a node keeps for each session that another node serves. They are for
    /// rooms where little is said: see <see cref="RecentMailItems"/>.
    /// </summary>
    /// <value>
    /// 1 to 1 000, in effect not above <see cref="MaxMailboxItems"/>; 8 by default, which with the mailbox takes 600 bytes a session.
    /// </value>
    [Range(1, 1_000)]
    public int StandbyMailboxItems { get; set; } = 8;

    /// <summary>
    /// In a chat of several nodes: how many items of the newest mail a node keeps for all sessions together, each once. A client that
    /// changes nodes goes on without a gap if all that it has missed is among them or in <see cref="StandbyMailboxItems"/>; otherwise it
    /// gets <c>resync</c>.
    /// </summary>
    /// <value>
    /// 0 to 1 000 000; 10 000 by default, which is 100 s of 50 messages a second, since a message is one item for its sender and one for
    /// the others. They take some 6 MB, and in effect not more than an eighth of <see cref="MaxMailboxBytesTotal"/>.
    /// </value>
    [Range(0, 1_000_000)]
    public int RecentMailItems { get; set; } = 10_000;

    /// <summary>
    /// In a chat of several nodes: how long a poll waits for entries that another node has already shown to its client, before it gets
    /// <c>resync</c>; and how long other requests wait for what their clients know or ask for, before they are refused.
    /// </summary>
    /// <value>0 to 1 min; 2 s by default. 0: what this node knows counts as all that there is, except for what a client has seen.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan HeadWait { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// In a chat of several nodes: how long a request of an unknown session waits for the login, which may have been on another node. After
    /// that the session counts as unavailable, and not as ended.
    /// </summary>
    /// <value>0 to 1 min; 2 s by default. 0: an unknown session has ended.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan SessionWait { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How many requests of unknown sessions wait at a time; more are told at once to try again.</summary>
    /// <value>0 to 100 000; 1 000 by default. 0: an unknown session has ended.</value>
    [Range(0, 100_000)]
    public int MaxSessionWaits { get; set; } = 1000;

    /// <summary>
    /// How many bytes of mail all mailboxes hold together, estimated from the texts; mail that many mailboxes hold counts once. Above it,
    /// the fullest mailboxes are emptied, and their readers get <c>resync</c>.
    /// </summary>
    /// <value>
    /// Not below <see cref="MaxMailboxBytes"/>, at most 64 GiB; 128 MiB by default, which uses up to 2.5 times as much memory.
    /// </value>
    [Range(4096L, 64L * 1024 * 1024 * 1024)]
    public long MaxMailboxBytesTotal { get; set; } = 128L * 1024 * 1024;

    /// <summary>How many items of mail a mailbox keeps for slower tabs of the same session after a poll has acknowledged them.</summary>
    /// <value>
    /// 0 up to <see cref="MaxMailboxItems"/>; 30 by default: three full bursts of one sender (<see cref="RateLimitCount"/>), in a ring of
    /// 32. A ring of 64 would cost 256 bytes more for each session.
    /// </value>
    [Range(0, 100_000)]
    public int KeepAcknowledged { get; set; } = 30;

    /// <summary>
    /// How long it is known from which addresses people logged in. Then the addresses are forgotten, in the database too; bans and mutes of
    /// addresses keep theirs until they end.
    /// </summary>
    /// <value>1 min to 3 650 days; 30 days by default. Addresses may be kept for a thirtieth longer.</value>
    [Range(typeof(TimeSpan), "00:01:00", "3650.00:00:00")]
    public TimeSpan KeepAddresses { get; set; } = TimeSpan.FromDays(30);

    /// <summary>
    /// How often the server, or one of several nodes, looks for addresses to forget, and for erased persons whose messages are still in the
    /// database.
    /// </summary>
    /// <value>100 ms to 1 h; 1 min by default.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan CheckPrivacy { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How many people's data may be exported at a time. Each export reads the whole history.</summary>
    /// <value>1 to 100; 4 by default.</value>
    [Range(1, 100)]
    public int MaxExports { get; set; } = 4;

    /// <summary>How long to wait between two exports of a person's data.</summary>
    /// <value>0 to 1 day; 1 min by default.</value>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan ExportPause { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How many rooms may exist at a time.</summary>
    /// <value>1 to 1 000 000; 10 000 by default.</value>
    [Range(1, 1_000_000)]
    public int MaxRooms { get; set; } = 10_000;

    /// <summary>How many rooms one session may be in at a time.</summary>
    /// <value>1 to 10 000; 50 by default.</value>
    [Range(1, 10_000)]
    public int MaxRoomsPerSession { get; set; } = 50;

    /// <summary>How many users may be invited to a private room at a time and not have entered it yet.</summary>
    /// <value>1 to 10 000; 100 by default.</value>
    [Range(1, 10_000)]
    public int MaxInvitationsPerRoom { get; set; } = 100;

    /// <summary>How many moderators a room may have, besides its owner.</summary>
    /// <value>1 to 1 000; 20 by default.</value>
    [Range(1, 1_000)]
    public int MaxModeratorsPerRoom { get; set; } = 20;

    /// <summary>How many links that lead into it a room may have at a time.</summary>
    /// <value>1 to 1 000; 10 by default.</value>
    [Range(1, 1_000)]
    public int MaxLinksPerRoom { get; set; } = 10;

    /// <summary>How long a link into a room is valid.</summary>
    /// <value>1 min to 365 days; 7 days by default.</value>
    [Range(typeof(TimeSpan), "00:01:00", "365.00:00:00")]
    public TimeSpan RoomLinkLifetime { get; set; } = TimeSpan.FromDays(7);

    /// <summary>How many others a user may ignore. One more replaces somebody who is gone for good, if there is such a one.</summary>
    /// <value>1 to 1 000; 100 by default.</value>
    [Range(1, 1_000)]
    public int MaxIgnoredPerPerson { get; set; } = 100;

    /// <summary>
    /// How long after writing a message its author may edit it. Deleting has no limit.
    /// </summary>
    /// <value>0 (nobody can edit) to 3 650 days; 1 day by default.</value>
    [Range(typeof(TimeSpan), "00:00:00", "3650.00:00:00")]
    public TimeSpan EditWindow { get; set; } = TimeSpan.FromDays(1);

    /// <summary>How many messages may be pinned to a room. The oldest pin goes when there is one more.</summary>
    /// <value>1 to 1 000; 50 by default.</value>
    [Range(1, 1_000)]
    public int MaxPinsPerRoom { get; set; } = 50;

    /// <summary>How long others see that somebody types, unless the person says it again.</summary>
    /// <value>0 (nobody sees it) to 1 min; 6 s by default. A session can say it once in a third of that.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan TypingLifetime { get; set; } = TimeSpan.FromSeconds(6);

    /// <summary>How many people may be in a room in which others see who types. In larger ones nobody is told.</summary>
    /// <value>1 to 10 000; 200 by default.</value>
    [Range(1, 10_000)]
    public int MaxTypingAudience { get; set; } = 200;

    /// <summary>After how long without a key or a click the page says that nobody is there.</summary>
    /// <value>0 (it does not say so) to 1 day; 10 min by default.</value>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan AwayAfter { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// How many people may be in a room in which others are told at once who is away. In larger ones only the lists say so.
    /// </summary>
    /// <value>1 to 10 000; 500 by default.</value>
    [Range(1, 10_000)]
    public int MaxAwayAudience { get; set; } = 500;

    /// <summary>How long a node gathers reactions to a message before it writes them together.</summary>
    /// <value>0 to 2 s; 100 ms by default. Everybody who reacts waits that long for the answer.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:02")]
    public TimeSpan ReactionGather { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How many reactions are written, and told of, together.</summary>
    /// <value>1 to 1 000; 100 by default: some kilobytes.</value>
    [Range(1, 1_000)]
    public int MaxReactionsPerEntry { get; set; } = 100;

    /// <summary>How many different emoji the reactions to a message may have.</summary>
    /// <value>1 to 100; 20 by default.</value>
    [Range(1, 100)]
    public int MaxEmojisPerMessage { get; set; } = 20;

    /// <summary>How many reactions a message may have in all, so that counting them takes milliseconds.</summary>
    /// <value>1 to 100 000; 10 000 by default.</value>
    [Range(1, 100_000)]
    public int MaxReactionsPerMessage { get; set; } = 10_000;

    /// <summary>
    /// How long a search may take, including the wait for its turn; then it is given up and refused with <c>too_slow</c>.
    /// </summary>
    /// <value>50 ms to 1 min; 2 s by default.</value>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00")]
    public TimeSpan SearchTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How many messages each room's history keeps in memory, as does that of each session's private messages; only for
    /// <c>Log:Kind=Memory</c>.
    /// </summary>
    /// <value>0 to 100 000; 1 000 by default.</value>
    [Range(0, 100_000)]
    public int HistoryPerRoom { get; set; } = 1000;

    /// <summary>How many bytes of messages each of these histories keeps in memory, estimated from the texts and reactions.</summary>
    /// <value>4 KiB to 1 GiB; 1 MiB by default, the same as <see cref="MaxMailboxBytes"/>. A single larger message is kept anyway.</value>
    [Range(4096, 1024 * 1024 * 1024)]
    public int HistoryBytesPerRoom { get; set; } = 1024 * 1024;

    /// <summary>How many bytes of messages all histories in memory keep together. Above it, the largest lose their older half.</summary>
    /// <value>
    /// Not below <see cref="HistoryBytesPerRoom"/>, at most 64 GiB; 128 MiB by default, the same as <see cref="MaxMailboxBytesTotal"/>.
    /// </value>
    [Range(4096L, 64L * 1024 * 1024 * 1024)]
    public long HistoryBytesTotal { get; set; } = 128L * 1024 * 1024;
}
