using ErlChat.Names;
using ErlChat.Postings;

namespace ErlChat.Benchmarks.Support;

/// <summary>What people say and clients send, of ordinary length.</summary>
internal static class Samples
{
    internal const string Epoch = "kJ3vQz0aT1m";

    internal static readonly DateTimeOffset At = new(2026, 11, 20, 7, 0, 0, TimeSpan.Zero);

    internal static readonly Person John = new("john", "John Smith", "0123456789abcdef0123456789abcdef");

    internal static readonly Spoken Said = new(RoomName.Lobby, John, "Shall we meet at the café at \"seven\", or a bit later? 🙂", Action: false, Own: false);

    internal static readonly UserEntered Joined = new(RoomName.Lobby, John);

    /// <summary>Path and query of a poll.</summary>
    internal const string Poll = $"/chat/wait/?msg_id=123456&joins=all&epoch={Epoch}";

    /// <summary>A poll as a current browser sends it.</summary>
    internal const string PollOfBrowser =
        $"""
        GET {Poll} HTTP/1.1
        Host: chat.example.org
        Connection: keep-alive
        sec-ch-ua-platform: "Linux"
        User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36
        Accept: application/json
        sec-ch-ua: "Chromium";v="140", "Not=A?Brand";v="24"
        sec-ch-ua-mobile: ?0
        Sec-Fetch-Site: same-origin
        Sec-Fetch-Mode: cors
        Sec-Fetch-Dest: empty
        Referer: https://chat.example.org/
        Accept-Encoding: gzip, deflate, br, zstd
        Accept-Language: en-GB,en;q=0.9,de;q=0.8
        Cookie: chat_sess=Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmE


        """;

    internal const string Form = "msg=Shall+we+meet+at+the+caf%C3%A9+at+%22seven%22%2C+or+a+bit+later%3F+%F0%9F%99%82&room=lobby&key=4f1c2d3e";

    internal const string FlackMessage =
        """{"record":"chat_message","chat_name":"lobby","mime_type":"text/plain","message":"Shall we meet at the café at \"seven\", or a bit later? 🙂"}""";
}
