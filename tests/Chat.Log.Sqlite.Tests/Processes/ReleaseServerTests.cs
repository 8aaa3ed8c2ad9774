using System.Net;
using System.Text.Json;

namespace ErlChat.Tests;

/// <summary>A real server over a database of an earlier release: its members log in with the passwords that they had.</summary>
public sealed class ReleaseServerTests : IAsyncDisposable
{
    private readonly SqliteParts _parts = new();

    public static TheoryData<string> WithMembers =>
        [.. ReleaseFixture.All.Where(name => name is not ("schema1" or "schema2" or "schema3"))];

    public ValueTask DisposeAsync() => _parts.DisposeAsync();

    [Theory]
    [MemberData(nameof(WithMembers))]
    public async Task Members_log_in_with_their_passwords(string name)
    {
        JsonElement said = ReleaseFixture.Unpack(name, _parts);
        string password = said.GetProperty("password").GetString()!;
        Assert.Equal(2, said.GetProperty("members").GetArrayLength());
        (ServerProcess server, Uri address) = await ServerProcess.StartAsync(_parts.File);
        await using (server)
        {
            using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
            foreach (JsonElement member in said.GetProperty("members").EnumerateArray())
            {
                string nick = member.GetProperty("nick").GetString()!;
                Assert.Equal(HttpStatusCode.OK, await LogInAsync(nick, "a donkey in the sun"));
                Assert.Equal(HttpStatusCode.Redirect, await LogInAsync(nick, password));
            }

            async Task<HttpStatusCode> LogInAsync(string nick, string typed)
            {
                using var form = new FormUrlEncodedContent([new("nick", nick), new("password", typed)]);
                using HttpResponseMessage answer = await http.PostAsync(new Uri(address, "login/"), form).WithinAsync();
                return answer.StatusCode;
            }
        }
    }
}
