using ErlChat.Web.Starting;
using Microsoft.AspNetCore.Builder;

namespace ErlChat.Web.Tests;

/// <summary>The errors that a server with these options reports instead of starting.</summary>
internal static class Failures
{
    internal static IReadOnlyList<string> Of(params string[] args) => Of(null, args);

    internal static IReadOnlyList<string> Of(Action<WebApplicationBuilder>? configure, params string[] args)
    {
        Exception failure = Assert.ThrowsAny<Exception>(() => ChatServer.Build(args, configure));
        Assert.True(StartFailure.TryExplain(failure, out IReadOnlyList<string> failures), failure.ToString());
        return failures;
    }
}
