using ErlChat.Outcomes;

namespace ErlChat.Commands;

internal sealed class UsersCommand : ISlashCommand
{
    public string Name => "users";

    public string Usage => "/users";

    public string Help => "list the people in the room";

    public async Task<Outcome> RunAsync(CommandContext context, Arguments arguments)
    {
        PeopleListed? people = await context.Room.PeopleAsync(context.Session, context.CurrentRoom);
        return await context.TellAsync(people is null
            ? $"There is no room {context.CurrentRoom}."
            : $"People in {context.ShownRoom}: {string.Join(", ", people.People.Select(who => who.Nick))}");
    }
}
