using ErlChat.Client;
using ErlChat.Terminal.Output;

namespace ErlChat.Terminal.Chatting;

/// <summary>The <c>chat</c> verb: connects, sends what is typed, shows what arrives, and leaves the chat at the end.</summary>
/// <param name="chat">The connection.</param>
/// <param name="input">Where lines come from.</param>
/// <param name="output">Where events go.</param>
/// <param name="time">The clock.</param>
/// <param name="interactive">
/// Whether a user types, who may leave the chat and return. A script's run ends with its input or its session.
/// </param>
/// <param name="server">Is told the server's commands; null for none.</param>
internal sealed class ChatProgram(
    TerminalChat chat,
    ILineInput input,
    ITerminalOutput output,
    TimeProvider time,
    bool interactive,
    ServerCommands? server = null)
{
    /// <summary>How long the remaining messages may take when the user quits.</summary>
    private static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(2);

    /// <summary>Runs the verb.</summary>
    /// <returns>An exit code.</returns>
    internal async Task<int> RunAsync(CancellationToken quit)
    {
        try
        {
            await chat.EnterAsync(quit);
        }
        catch (ChatException e)
        {
            if (interactive && e is ChatRefusedException { Why: ChatRefusal.NickInUse or ChatRefusal.NoGuests })
                output.Status("If the nick is yours, start with --ask-password.");
            bool nick = ExitCodes.Of(e) == ExitCodes.NickRefused;
            string reason = e is ChatRefusedException refused ? Refusals.Reason(refused) : e.Message;
            output.Problem(
                nick ? reason : "cannot_connect",
                nick ? $"Could not join chatroom, reason: {reason}" : $"Could not connect to server, reason: {reason}");
            return ExitCodes.Of(e);
        }
        catch (OperationCanceledException)
        {
            return ExitCodes.Ok;
        }

        using var outbox = new Outbox(output);
        var commands = new ChatCommands(chat, outbox, output, hasPrompt: interactive, server);
        if (server is not null && chat.Client is { } client)
            _ = server.LoadAsync(client, CancellationToken.None);

        // Not disposed: the session may end, and cancel this, just when the method returns.
        var stop = new CancellationTokenSource();
        await using CancellationTokenRegistration told =
            quit.UnsafeRegister(static stop => ((CancellationTokenSource)stop!).Cancel(), stop);
        if (!interactive)
            _ = chat.EndedByServer.ContinueWith(_ => stop.Cancel(), TaskScheduler.Default);
        LineResult last = await ReadAsync(commands, stop.Token);

        // The end of a script, a signal, and a terminal that is gone are no wish to log out.
        bool stays = chat.IsStored && last != LineResult.Quit;
        if (!interactive)
            await MarkReadAsync(commands, stop.Token);
        await FinishAsync(outbox, commands, patient: !interactive && last == LineResult.Done, stop.Token);
        bool ended = chat.EndedByServer.IsCompleted && !interactive;
        if (stays)
            await chat.DetachAsync();
        await chat.DisposeAsync();
        return ended ? ExitCodes.CannotConnect : outbox.Failures > 0 && !interactive ? ExitCodes.Failed : ExitCodes.Ok;
    }

    /// <summary>Runs the input's lines. Returns what the last one asked for.</summary>
    private async Task<LineResult> ReadAsync(ChatCommands commands, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (TypedLine line in input.ReadAsync(cancellationToken))
            {
                if (await commands.RunAsync(line, cancellationToken) is var result and not LineResult.Done)
                    return result;
                if (interactive)
                    await commands.MarkReadAsync(cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            // Asked to stop while the outbox was full.
        }

        return LineResult.Done;
    }

    private static async Task MarkReadAsync(ChatCommands commands, CancellationToken cancellationToken)
    {
        try
        {
            await commands.MarkReadAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The messages are shown again at the next login.
        }
    }

    /// <summary>Ends the outbox. A user who quits wants to be gone soon. A script wants everything it wrote to be sent and shown.</summary>
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
