using System.ComponentModel.DataAnnotations;
using ErlChat.Settings;
using Microsoft.Extensions.Options;

namespace ErlChat.Web.Answers;

/// <summary>How large answers get, and how much of them may wait for clients to take it; configuration section <c>Chat</c> beside <see cref="ChatOptions"/>.</summary>
public sealed class AnswerOptions
{
    /// <summary>
    /// The maximum number of bytes of one answer. The rest of a list comes with the next page, and the rest of the mail with the next poll.
    /// A single longer item is sent anyway.
    /// </summary>
    /// <value>16 KiB to 16 MiB; 256 KiB by default.</value>
    [Range(16 * 1024, 16 * 1024 * 1024)]
    public int MaxAnswerBytes { get; set; } = 256 * 1024;

    /// <summary>How many bytes of answers one session's clients may leave unread.</summary>
    /// <value>
    /// <see cref="MaxAnswerBytes"/> to 1 GiB; 2 MiB by default: <see cref="ChatOptions.MaxWaitsPerSession"/> polls and as many other
    /// answers, all of full length.
    /// </value>
    [Range(16 * 1024, 1024 * 1024 * 1024)]
    public int MaxUnreadPerSession { get; set; } = 2 * 1024 * 1024;

    /// <summary>How many bytes of answers all clients of one address may leave unread; IPv6 is counted by /64.</summary>
    /// <value><see cref="MaxAnswerBytes"/> to 1 GiB; 16 MiB by default: 64 answers of full length.</value>
    [Range(16 * 1024, 1024 * 1024 * 1024)]
    public int MaxUnreadPerAddress { get; set; } = 16 * 1024 * 1024;

    /// <summary>How many bytes of answers all clients together may leave unread.</summary>
    /// <value><see cref="MaxAnswerBytes"/> to 1 GiB; 128 MiB by default.</value>
    [Range(16 * 1024, 1024 * 1024 * 1024)]
    public int MaxUnreadTotal { get; set; } = 128 * 1024 * 1024;

    /// <summary>
    /// How long a client may take to read one piece of an answer; then its connection is closed. A piece is at most 32 KiB plus what the
    /// connection's buffer holds (64 KiB).
    /// </summary>
    /// <value>100 ms to 10 min; 10 s by default, which requires about 10 KB/s.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan SendTimeout { get; set; } = TimeSpan.FromSeconds(10);
}

/// <summary>What must hold between them.</summary>
internal sealed class AnswerOptionsRules : IValidateOptions<AnswerOptions>
{
    public ValidateOptionsResult Validate(string? name, AnswerOptions options)
    {
        var failures = new List<string>();
        Check(nameof(options.MaxUnreadPerSession), options.MaxUnreadPerSession);
        Check(nameof(options.MaxUnreadPerAddress), options.MaxUnreadPerAddress);
        Check(nameof(options.MaxUnreadTotal), options.MaxUnreadTotal);
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);

        void Check(string option, int value)
        {
            if (value < options.MaxAnswerBytes)
                failures.Add($"Chat:{option} ({value}) must not be below Chat:MaxAnswerBytes ({options.MaxAnswerBytes}), or an answer of "
                    + "that length could not be sent.");
        }
    }
}
