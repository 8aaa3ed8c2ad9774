using System.Net.WebSockets;
using ErlChat.Protocol.Flack;
using ErlChat.Terminal.Output;

namespace ErlChat.Terminal.Flack;

/// <summary>
/// The conversation of the original's reference client: hello, authenticate and join; then, a number of times, a message, its echo, a ping
/// and its reply; then leave and goodbye. Records of other users are received in between.
/// </summary>
internal sealed class FlackRun(FlackPlan plan, Action<string, FlackRecord> received, TextWriter errors, TimeProvider time)
{
    /// <summary>How long to wait for an answer before the server counts as dead. Longer than any delay of a rate limit.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private string _userId = "";

    /// <summary>Runs the conversation. Returns the program's exit code.</summary>
    internal async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        using var socket = new FlackSocket(received);
        try
        {
            await socket.ConnectAsync(plan.Url, cancellationToken).WaitAsync(s_patience, time, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return await InterruptedAsync();
        }
        catch (Exception e) when (e is WebSocketException or TimeoutException or ArgumentException or NotSupportedException)
        {
            await errors.WriteLineAsync($"Cannot connect to {plan.Url}: {e.Message}");
            return ExitCodes.CannotConnect;
        }

        try
        {
            await ConverseAsync(socket, cancellationToken);
            return ExitCodes.Ok;
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            // A cancelled read or write aborts the connection, so the other operations fail with it.
            return await InterruptedAsync();
        }
        catch (Exception e) when (e is WebSocketException or TimeoutException or FlackClosedException
            or IOException or InvalidOperationException or OperationCanceledException)
        {
            // These include the errors of an operation that was running when the connection broke.
            await errors.WriteLineAsync(SafeText.Of(e.Message));
            return ExitCodes.Failed;
        }
    }

    private async Task<int> InterruptedAsync()
    {
        await errors.WriteLineAsync("Interrupted.");
        return ExitCodes.Failed;
    }

    private async Task ConverseAsync(FlackSocket socket, CancellationToken cancellationToken)
    {
        await AskAsync(socket, new ClientHelloRequest(FlackRequest.Version), record => record is ServerHelloRecord, cancellationToken);
        await AskAsync(socket, new AuthenticateRequest(plan.Name), TakeUserId, cancellationToken);
        await AskAsync(
            socket,
            new JoinChatRequest(plan.Chat),
            record => record is JoinedRecord joined && joined.UserId == _userId,
            cancellationToken);
        for (int i = 0; i < plan.Count; i++)
        {
            if (i > 0)
                await ListenAsync(socket, plan.Delay, cancellationToken);
            var message = new ChatMessageRequest(plan.Chat, ChatMessageRequest.PlainText, plan.Message);
            await AskAsync(socket, message, record => record is ChatMessageRecord echo && echo.UserId == _userId, cancellationToken);
            await AskAsync(socket, new PingRequest(), record => record is PingReplyRecord, cancellationToken);
        }

        await AskAsync(
            socket,
            new LeaveChatRequest(plan.Chat),
            record => record is LeftRecord left && left.UserId == _userId,
            cancellationToken);
        await AskAsync(socket, new ClientGoodbyeRequest(), record => record is ServerGoodbyeRecord, cancellationToken);
        await socket.CloseAsync(cancellationToken).WaitAsync(s_patience, time, cancellationToken);
    }

    /// <summary>Sends a request and reads until its answer arrives.</summary>
    private async Task AskAsync(
        FlackSocket socket,
        FlackRequest request,
        Func<FlackRecord, bool> isAnswer,
        CancellationToken cancellationToken)
    {
        await socket.SendAsync(request, cancellationToken).WaitAsync(s_patience, time, cancellationToken);
        while (!isAnswer(await ReadAsync(socket, cancellationToken).WaitAsync(s_patience, time, cancellationToken)))
        {
            // A record of another user, which has already been passed on.
        }
    }

    private static async Task<FlackRecord> ReadAsync(FlackSocket socket, CancellationToken cancellationToken)
    {
        FlackRecord record = await socket.ReadAsync(cancellationToken);
        return record is ProtocolErrorRecord error ? throw new FlackClosedException($"{error.Code}: {error.Reason}") : record;
    }

    /// <summary>
    /// Waits between two messages and keeps receiving. It ends by sending a ping and awaiting the reply, because a pending read cannot be
    /// cancelled without losing the connection.
    /// </summary>
    private async Task ListenAsync(FlackSocket socket, TimeSpan delay, CancellationToken cancellationToken)
    {
        if (delay <= TimeSpan.Zero)
            return;
        Task<FlackRecord> reading = ReadAsync(socket, cancellationToken);
        Task pause = Task.Delay(delay, time, cancellationToken);
        while (await Task.WhenAny(reading, pause) == reading)
        {
            await reading;
            reading = ReadAsync(socket, cancellationToken);
        }

        await socket.SendAsync(new PingRequest(), cancellationToken).WaitAsync(s_patience, time, cancellationToken);
        while (await reading.WaitAsync(s_patience, time, cancellationToken) is not PingReplyRecord)
            reading = ReadAsync(socket, cancellationToken);
    }

    private bool TakeUserId(FlackRecord record)
    {
        if (record is not AuthenticatedRecord authenticated)
            return false;
        _userId = authenticated.UserId;
        return true;
    }
}

/// <summary>The plan for one run.</summary>
/// <param name="Url">The server.</param>
/// <param name="Name">The user's name.</param>
/// <param name="Chat">The chat to join.</param>
/// <param name="Message">The message.</param>
/// <param name="Count">How many times to send it.</param>
/// <param name="Delay">The pause between two messages.</param>
internal sealed record FlackPlan(Uri Url, string Name, string Chat, string Message, int Count, TimeSpan Delay);
