using System.IO.Compression;
using System.Text;

namespace ErlChat.Web.Tests.Answers;

/// <summary>Previously, ten thousand users who loaded their pages at once were sent 1.4 GB of lists.</summary>
public class CompressedListTests
{
    [Fact]
    public async Task A_long_list_is_compressed_for_clients_that_accept_it_and_has_the_same_content()
    {
        await using ChatServerHost server = await ChatServerHost.StartAsync(ChatServerHost.NoLimits);
        for (int i = 0; i < 150; i++)
            await server.LoginAsync($"somebody{i}");
        using HttpClient http = server.NewHttp();
        using var form = new FormUrlEncodedContent([new("nick", "alice")]);
        using HttpResponseMessage login = await http.PostAsync(new Uri("/login/", UriKind.Relative), form).WithinAsync();
        http.DefaultRequestHeaders.Add("Cookie", login.Headers.GetValues("Set-Cookie").Single().Split(';')[0]);
        byte[] plain = await http.GetByteArrayAsync(new Uri("/chat/online/?joins=all", UriKind.Relative)).WithinAsync();
        Assert.StartsWith("{\"status\":\"ok\",\"response\":[\"alice\"", Encoding.UTF8.GetString(plain), StringComparison.Ordinal);

        http.DefaultRequestHeaders.Add("Accept-Encoding", "gzip, deflate");
        using HttpResponseMessage zipped = await http.GetAsync(new Uri("/chat/online/?joins=all", UriKind.Relative)).WithinAsync();
        Assert.Equal(["gzip"], zipped.Content.Headers.ContentEncoding);
        byte[] bytes = await zipped.Content.ReadAsByteArrayAsync().WithinAsync();
        Assert.True(bytes.Length < plain.Length / 2);
        using var gzip = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
        using var same = new MemoryStream();
        await gzip.CopyToAsync(same).WithinAsync();
        Assert.Equal(plain, same.ToArray());
    }
}
