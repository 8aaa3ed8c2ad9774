using System.Text;
using Microsoft.Win32.SafeHandles;

namespace ErlChat.Terminal.Output;

/// <summary>The program's output, whose reader may close it at any time. That is reported once, and later output is discarded.</summary>
/// <remarks>Thread-safe. Every write is flushed. Does not throw.</remarks>
/// <param name="stream">The destination; it is not closed.</param>
/// <param name="lost">Called when the reader has closed the output. Must not throw.</param>
internal sealed class GuardedWriter(Stream stream, Action lost) : TextWriter
{
    private readonly Lock _gate = new();
    private bool _isLost;

    public override Encoding Encoding { get; } = new UTF8Encoding(false);

    /// <summary>Whether any output was discarded.</summary>
    internal bool IsLost
    {
        get
        {
            lock (_gate)
                return _isLost;
        }
    }

    /// <summary>Opens the standard output. The console's own stream does not report a pipe that its reader has closed.</summary>
    internal static Stream OpenStandard()
    {
        if (OperatingSystem.IsWindows())
            return Console.OpenStandardOutput();
        try
        {
            var pipe = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);

            // Other processes may write to the same file. The console's stream uses the shared position, so they do not overwrite each
            // other.
            return pipe.CanSeek ? Console.OpenStandardOutput() : pipe;
        }
        catch (Exception e) when (e is IOException or ArgumentException or UnauthorizedAccessException)
        {
            return Console.OpenStandardOutput();
        }
    }

    public override void Write(char value) => Write(value.ToString());

    public override void Write(string? value)
    {
        lock (_gate)
        {
            if (_isLost)
                return;
            try
            {
                stream.Write(Encoding.GetBytes(value ?? ""));
                stream.Flush();
                return;
            }
            catch (Exception e) when (e is IOException or ObjectDisposedException or UnauthorizedAccessException)
            {
                _isLost = true;
            }
        }

        lost();
    }
}
