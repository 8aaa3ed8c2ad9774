namespace ErlChat.Deploy;

internal static class ServerChecks
{
    /// <summary>Whether there is a server that accepts sessions and messages.</summary>
    internal static async Task<bool> IsReadyAsync(Visitor visitor)
    {
        try
        {
            using HttpResponseMessage answer = await visitor.GetAsync("/readyz");
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
