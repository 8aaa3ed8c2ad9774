using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace ErlChat.EndToEnd;

/// <summary>
/// The requests as browsers sent them, before the server processed them. Polls over the fast lane are not among them. Thread-safe.
/// </summary>
internal sealed class RequestLog : IStartupFilter
{
    private readonly ConcurrentQueue<LoggedRequest> _all = new();

    internal IReadOnlyList<LoggedRequest> Of(string path) => [.. _all.Where(one => one.Path == path)];

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(following => context =>
        {
            IDictionary<string, string> headers = context.Request.Headers.ToDictionary(
                header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
            _all.Enqueue(new LoggedRequest(context.Request.Method, context.Request.Path.Value ?? "", context.Request.Protocol, headers));
            return following(context);
        });
        next(app);
    };
}

/// <summary>The head of a request.</summary>
internal sealed record LoggedRequest(string Method, string Path, string Protocol, IDictionary<string, string> Headers)
{
    internal string? this[string header] => Headers.TryGetValue(header, out string? value) ? value : null;
}
