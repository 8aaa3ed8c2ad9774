using System.Text;
using Microsoft.Win32.SafeHandles;

namespace ErlChat.Terminal.Output;

/// <summary>The program's output, which whoever reads it may close at any time: that is told once, and what is written afterwards goes nowhere.</summary>
/// <remarks>Thread-safe. Every write goes out at once. Does not throw.</remarks>
/// <param name="stream">Where to; it is not closed.</param>
/// <param name="lost">Told when nobody reads any more. Must not throw.</param>
internal sealed class GuardedWriter(Stream stream, Action lost) : TextWriter
{
    private readonly Lock _gate = new();
    private bool _isLost;

    public override Encoding Encoding { get; } = new UTF8Encoding(false);

    /// <summary>Whether something was not written.</summary>
    internal bool IsLost
    {
        get
        {
            lock (_gate)
                return _isLost;
        }
    }

    /// <summary>The standard output. The console's own stream keeps silent about a pipe that nobody reads any more.</summary>
    internal static Stream OpenStandard()
    {
        if (OperatingSystem.IsWindows())
            return Console.OpenStandardOutput();
        try
        {
            var pipe = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);

            // A file may be others' too, who write behind what is written here: the console's stream uses their common place.
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
