using ErlChat.Client;
using ErlChat.Terminal.Output;

namespace ErlChat.Terminal.Chatting;

/// <summary>The <c>chat</c> verb: connects, says what is typed, shows what comes, and leaves politely.</summary>
/// <param name="interactive">Whether somebody sits there, who may leave and come back; a script's run ends with its input or its session.</param>
internal sealed class ChatProgram(TerminalChat chat, ILineInput input, ITerminalOutput output, TimeProvider time, bool interactive)
{
    /// <summary>How long the last words may take when somebody quits.</summary>
    private static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(2);

    /// <returns>An exit code.</returns>
    internal async Task<int> RunAsync(CancellationToken quit)
    {
        try
        {
            await chat.EnterAsync(quit);
        }
        catch (ChatException e)
        {
            bool nick = ExitCodes.Of(e) == ExitCodes.NickRefused;
            string reason = e is ChatRefusedException refused ? refused.Word : e.Message;
            output.Problem(nick ? reason : "cannot_connect", nick ? $"Could not join chatroom, reason: {reason}" : $"Could not connect to server, reason: {reason}");
            return ExitCodes.Of(e);
        }
        catch (OperationCanceledException)
        {
            return ExitCodes.Ok;
        }

        using var outbox = new Outbox(output);
        var commands = new ChatCommands(chat, outbox, output);

        // Not disposed: the session may end, and say so, just when this does.
        var stop = new CancellationTokenSource();
        await using CancellationTokenRegistration told = quit.UnsafeRegister(static stop => ((CancellationTokenSource)stop!).Cancel(), stop);
        if (!interactive)
            _ = chat.EndedByServer.ContinueWith(_ => stop.Cancel(), TaskScheduler.Default);
        bool quitted = await ReadAsync(commands, stop.Token);
        await FinishAsync(outbox, commands, patient: !interactive && !quitted, stop.Token);
        bool ended = chat.EndedByServer.IsCompleted && !interactive;
        await chat.DisposeAsync();
        return ended ? ExitCodes.CannotConnect : outbox.Failures > 0 && !interactive ? ExitCodes.Failed : ExitCodes.Ok;
    }

    /// <summary>Does what the lines say; whether one of them said to quit.</summary>
    private async Task<bool> ReadAsync(ChatCommands commands, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (string line in input.ReadAsync(cancellationToken))
            {
                if (!await commands.RunAsync(line, cancellationToken))
                    return true;
            }
        }
        catch (OperationCanceledException)
        {
            // Told to stop while too much was waiting.
        }

        return false;
    }

    /// <summary>Somebody who quits wants to be gone; a script wants to have said all that it wrote, and to see it.</summary>
    private async Task FinishAsync(Outbox outbox, ChatCommands commands, bool patient, CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(patient ? Timeout.InfiniteTimeSpan : s_farewell, time);
        await using (stop.UnsafeRegister(static limit => ((CancellationTokenSource)limit!).CancelAfter(s_farewell), limit))
            await outbox.FinishAsync(limit.Token);
        long started = time.GetTimestamp();
        while (!interactive && chat.Client is not null && chat.Shown < commands.SaidId && time.GetElapsedTime(started) < s_farewell)
            await Task.Delay(TimeSpan.FromMilliseconds(5), time, CancellationToken.None);
    }
}
