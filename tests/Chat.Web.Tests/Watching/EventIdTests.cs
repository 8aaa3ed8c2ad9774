using System.Reflection;
using ErlChat.Postgres.Connections;
using ErlChat.Rooms;
using ErlChat.Sqlite.Log;
using ErlChat.Web;
using Microsoft.Extensions.Logging;

namespace ErlChat.Tests;

/// <summary>The event ids in the server's log.</summary>
public sealed class EventIdTests
{
    // Previously, one id stood for two events of the same category, so that a filter by id could not tell them apart.
    [Fact]
    public void Every_event_has_a_unique_number_and_name()
    {
        LoggerMessageAttribute[] chat = EventsOf(typeof(ChatRoom), typeof(ChatServer));
        LoggerMessageAttribute[] sqlite = EventsOf(typeof(SqliteLogOptions)), postgres = EventsOf(typeof(PostgresLogOptions));
        LoggerMessageAttribute[] events = [.. chat, .. sqlite, .. postgres];
        Assert.True(events.Length > 30, $"Only {events.Length} events were found.");
        Assert.Empty(events
            .GroupBy(one => one.EventId)
            .Where(same => same.Count() > 1)
            .Select(same => string.Join(' ', same.Select(one => one.EventName))));

        // A server has one of the two logs. What happens in both has the same name in both.
        Assert.Empty(chat.Concat(sqlite).GroupBy(one => one.EventName).Where(same => same.Count() > 1).Select(same => same.Key));
        Assert.Empty(chat.Concat(postgres).GroupBy(one => one.EventName).Where(same => same.Count() > 1).Select(same => same.Key));
    }

    private static LoggerMessageAttribute[] EventsOf(params Type[] parts) =>
    [
        .. parts.SelectMany(one => one.Assembly.GetTypes())
            .SelectMany(type => type.GetMethods(
                BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Select(method => method.GetCustomAttribute<LoggerMessageAttribute>())
            .OfType<LoggerMessageAttribute>(),
    ];
}
