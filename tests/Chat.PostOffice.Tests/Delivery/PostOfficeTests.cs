using ErlChat.Delivery;
using ErlChat.Mailboxes;
using ErlChat.Names;
using ErlChat.Postings;
using ErlChat.Sessions;
using ErlChat.Settings;
using Microsoft.Extensions.Options;

namespace ErlChat.Tests;

/// <summary>Who gets what: rooms, exceptions, the quiet.</summary>
public class PostOfficeTests
{
    private static readonly Person s_who = new("bob", "bob", "1");
    private readonly PostOffice _office = new(Options.Create(new ChatOptions()), new ManualTimeProvider());
    private long _sequence;

    [Fact]
    public async Task A_broadcast_reaches_everybody_in_the_rooms_once_except_one()
    {
        SessionKey a = Somebody("a", "lobby"), b = Somebody("b", "lobby", "den"), c = Somebody("c", "den"), d = Somebody("d", "attic");
        _office.Broadcast(["lobby", "den"], Next(new Spoken("lobby", s_who, "x", false, false)), except: a);
        int[] taken = [await CountAsync(a), await CountAsync(b), await CountAsync(c), await CountAsync(d)];
        Assert.Equal([0, 1, 1, 0], taken);
        Assert.Equal(2, _office.Sent);
    }

    [Fact]
    public async Task Rooms_are_found_ignoring_case()
    {
        SessionKey a = Somebody("a", "Lobby");
        _office.Broadcast(["lOBBY"], Next(new Notice("x", null)), except: null);
        Assert.Equal(1, await CountAsync(a));
        _office.Part(a, "LOBBY");
        _office.Broadcast(["Lobby"], Next(new Notice("x", null)), except: null);
        Assert.Equal(1, await CountAsync(a));
    }

    [Fact]
    public async Task The_quiet_hear_what_is_said_and_not_who_comes_and_goes()
    {
        SessionKey a = Somebody("a");
        _office.Enter(a, "den", quiet: true);
        _office.Broadcast(["den"], Next(new UserEntered("den", s_who)), null);
        _office.Broadcast(["den"], Next(new UserLeft(["den"], s_who, "normal", true)), null);
        Assert.Equal(0, await CountAsync(a));
        _office.Broadcast(["den"], Next(new Spoken("den", s_who, "x", false, false)), null);
        _office.Broadcast(["den"], Next(new TopicChanged("den", s_who, "x")), null);
        Assert.Equal(2, await CountAsync(a));
    }

    [Fact]
    public async Task Who_is_quiet_in_one_room_hears_a_leaver_of_another_that_they_share()
    {
        SessionKey a = Somebody("a", "lobby");
        _office.Enter(a, "den", quiet: true);
        _office.Broadcast(["den", "lobby"], Next(new UserLeft(["den", "lobby"], s_who, "normal", true)), null);
        Assert.Equal(1, await CountAsync(a));
    }

    [Fact]
    public async Task A_room_list_behaves_as_a_set_does() => await Seeds.RunAsync(async seed =>
    {
        var random = new Random(seed);
        SessionKey[] people = [.. Enumerable.Range(0, 20).Select(i => Somebody($"p{i}"))];
        var model = new HashSet<SessionKey>();
        int[] expected = new int[people.Length];
        for (int step = 0; step < 2000; step++)
        {
            SessionKey one = people[random.Next(people.Length)];
            switch (random.Next(3))
            {
                case 0:
                    _office.Enter(one, "den", quiet: false);
                    model.Add(one);
                    break;
                case 1:
                    _office.Part(one, "den");
                    model.Remove(one);
                    break;
                default:
                    _office.Broadcast(["den"], Next(new Notice("x", null)), except: one);
                    for (int i = 0; i < people.Length; i++)
                        expected[i] += model.Contains(people[i]) && people[i] != one ? 1 : 0;
                    break;
            }
        }

        for (int i = 0; i < people.Length; i++)
            Assert.Equal(expected[i], await CountAsync(people[i]));
    });

    [Fact]
    public void A_format_encodes_a_mail_once_and_everybody_gets_the_same_bytes()
    {
        var first = new CountingFormat(0);
        var second = new CountingFormat(1);
        Mail mail = Next(new Notice("x", null));
        Assert.Same(mail.In(first), mail.In(first));
        Assert.NotSame(mail.In(first), mail.In(second));
        Assert.Equal((1, 1), (first.Encoded, second.Encoded));
    }

    private SessionKey Somebody(string name, params string[] rooms)
    {
        var key = SessionKey.Of(name);
        _office.Create(key, floor: 0);
        foreach (string room in rooms)
            _office.Enter(key, room, quiet: false);
        return key;
    }

    private Mail Next(MailContent content)
    {
        _office.AdvanceHead(++_sequence);
        return new Mail(_sequence, default, content);
    }

    private async Task<int> CountAsync(SessionKey key) =>
        (await _office.Find(key)!.ReadAsync(0, hideListed: false, TimeSpan.Zero, CancellationToken.None).WithinAsync()).Mail.Length;

    private sealed class CountingFormat(int slot) : MailFormat(slot)
    {
        internal int Encoded { get; private set; }

        public override byte[] Encode(Mail mail)
        {
            Encoded++;
            return [1];
        }
    }
}
