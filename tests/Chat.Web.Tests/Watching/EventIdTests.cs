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
        LoggerMessageAttribute[] events =
        [
            .. ((Type[])[typeof(ChatRoom), typeof(SqliteLogOptions), typeof(PostgresLogOptions), typeof(ChatServer)])
                .SelectMany(one => one.Assembly.GetTypes())
                .SelectMany(type => type.GetMethods(
                    BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
                .Select(method => method.GetCustomAttribute<LoggerMessageAttribute>())
                .OfType<LoggerMessageAttribute>(),
        ];
        Assert.True(events.Length > 30, $"Only {events.Length} events were found.");
        Assert.Empty(events
            .GroupBy(one => one.EventId)
            .Where(same => same.Count() > 1)
            .Select(same => string.Join(' ', same.Select(one => one.EventName))));
        Assert.Empty(events.GroupBy(one => one.EventName).Where(same => same.Count() > 1).Select(same => same.Key));
    }
}
