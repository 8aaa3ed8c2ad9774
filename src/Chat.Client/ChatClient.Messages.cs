using System.Globalization;
using ErlChat.Protocol.Comet;

namespace ErlChat.Client;

/// <summary>The calls that change messages.</summary>
public sealed partial class ChatClient
{
    /// <summary>
    /// Gives one of the user's own messages another text, in a room or a private conversation. <see cref="MessageEdited"/> follows in
    /// <see cref="ReadAsync"/>. Nothing happens if the message has that text already.
    /// </summary>
    /// <param name="id">The message's id, from <see cref="SayAsync"/>, <see cref="Said"/> or <see cref="Whispered"/>.</param>
    /// <param name="text">The new text, which must not be blank and is never a command.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The id of the event that follows; null if nothing had to be changed.</returns>
    /// <exception cref="ChatRefusedException">
    /// NoSuchMessage, TooOld, TooLong, BadText, NotInRoom, Muted, RoomLocked, RoomArchived, SessionEnded, TooManyPending.
    /// </exception>
    /// <exception cref="ChatUnavailableException">As <see cref="SayAsync"/>.</exception>
    public async Task<long?> EditAsync(long id, string text, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        Dictionary<string, string> form = ChangeOf(id);
        form["msg"] = text;

        // Without the key, a repetition could undo an edit that another device has made in between.
        (CometAnswer answer, _) = await _sends.PostAsync("chat/edit_msg/", form, repeatable: false, cancellationToken)
            .ConfigureAwait(false);
        return answer.OrThrow().Id;
    }

    /// <summary>
    /// Deletes a message: one's own or, for moderators and administrators, any in the room. <see cref="MessageRemoved"/> follows in
    /// <see cref="ReadAsync"/>. Nothing happens if the message was deleted before.
    /// </summary>
    /// <param name="id">The message's id.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>As <see cref="EditAsync"/>.</returns>
    /// <exception cref="ChatRefusedException">NoSuchMessage, NotInRoom, SessionEnded, TooManyPending.</exception>
    /// <exception cref="ChatUnavailableException">As <see cref="SayAsync"/>.</exception>
    public async Task<long?> DeleteAsync(long id, CancellationToken cancellationToken = default) =>
        (await PostAsync("chat/delete_msg/", ChangeOf(id), cancellationToken).ConfigureAwait(false)).Id;

    /// <summary>
    /// Reacts to a message with an emoji, or takes a reaction back. <see cref="ReactionsChanged"/> follows in <see cref="ReadAsync"/>.
    /// Nothing happens if the user has reacted so already.
    /// </summary>
    /// <param name="id">The message's id.</param>
    /// <param name="emoji">One emoji.</param>
    /// <param name="on">Whether to add the reaction; false takes it back.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>As <see cref="EditAsync"/>.</returns>
    /// <exception cref="ChatRefusedException">
    /// BadEmoji, NoSuchMessage, TooManyReactions, Muted, RoomLocked, RoomArchived, SessionEnded, TooManyPending.
    /// </exception>
    /// <exception cref="ChatUnavailableException">As <see cref="SayAsync"/>.</exception>
    public async Task<long?> ReactAsync(long id, string emoji, bool on = true, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(emoji);
        Dictionary<string, string> form = ChangeOf(id);
        form["emoji"] = emoji;
        form["on"] = on ? "1" : "0";

        // As for edits: another device may have taken it back in between.
        (CometAnswer answer, _) = await _sends.PostAsync("chat/react/", form, repeatable: false, cancellationToken).ConfigureAwait(false);
        return answer.OrThrow().Id;
    }

    private static Dictionary<string, string> ChangeOf(long id)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(id, 1);
        return new Dictionary<string, string>
        {
            ["id"] = id.ToString(CultureInfo.InvariantCulture),
            ["key"] = Guid.NewGuid().ToString("N"),
        };
    }
}
