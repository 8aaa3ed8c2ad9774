using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Starting;

/// <summary>Turns failures that the operator can fix into readable lines. A bug keeps its stack trace.</summary>
internal static class StartFailure
{
    internal static bool TryExplain(Exception exception, out IReadOnlyList<string> failures)
    {
        failures = exception switch
        {
            StartException start => [start.Message],
            OptionsValidationException options => [.. options.Failures],
            AggregateException all =>
                [.. all.InnerExceptions.SelectMany(one => TryExplain(one, out IReadOnlyList<string> some) ? some : [])],
            InvalidDataException file => [file.InnerException is { } cause ? $"{file.Message} {cause.Message}" : file.Message],
            FormatException address => [address.Message],
            ArgumentOutOfRangeException { ParamName: "port" } => ["The port of the address to listen on must be 0 to 65535."],
            // For example, a settings file that this user may not read.
            IOException or UnauthorizedAccessException => [exception.Message],
            _ => [],
        };
        return failures.Count > 0;
    }

    /// <summary>
    /// A sentence that says why the server could not listen on its addresses; null for a bug, which keeps its stack trace. Kestrel has no
    /// exception type for these failures, and explains some of them in several lines.
    /// </summary>
    internal static string? OfAddress(Exception failure) => failure switch
    {
        StartException => null,
        CryptographicException => $"A certificate of the Kestrel section cannot be read: {FirstLine(failure)}",
        InvalidOperationException when failure.Message.Contains("certificate", StringComparison.OrdinalIgnoreCase) =>
            "An https address needs a certificate: set Kestrel:Certificates:Default:Path to a .pfx or .pem file "
                + "(with Password or KeyPath), or let a proxy serve https.",
        IOException or SocketException or UnauthorizedAccessException or FormatException
            or InvalidOperationException or ArgumentException or NotSupportedException => FirstLine(failure),
        _ => null,
    };

    /// <summary>
    /// Creates the exception for a start that fails when parts of the server are already running. It also tells them that the server stops.
    /// Otherwise the host would take their end for separate failures and log their stack traces.
    /// </summary>
    internal static StartException Failed(this IHostApplicationLifetime lifetime, string sentence, Exception cause)
    {
        lifetime.StopApplication();
        return new StartException(sentence, cause);
    }

    private static string FirstLine(Exception failure) => failure.Message.Split('\n', 2)[0].Trim();
}

/// <summary>
/// The start failed for a reason that the operator can fix. Only the reason is shown, even in the host's log, because a stack trace would
/// not help.
/// </summary>
internal sealed class StartException(string message, Exception? cause = null) : Exception(message, cause)
{
    public override string ToString() => Message;
}
