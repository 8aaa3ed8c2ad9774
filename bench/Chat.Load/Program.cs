using System.CommandLine;
using ErlChat.Load;

var polls = new Option<int>("--polls", "-n") { Description = "How many sessions, each with one parked poll.", DefaultValueFactory = _ => 5000 };
var rounds = new Option<int>("--rounds") { Description = "How many messages are sent to all of them.", DefaultValueFactory = _ => 20 };
polls.Validators.Add(result => Range(result, polls, 1, 18_500));
rounds.Validators.Add(result => Range(result, rounds, 1, 1000));

var all = new Command("all", "Park the polls, measure their memory; then send messages to all, measure time and CPU.") { polls, rounds };
all.SetAction((result, cancellationToken) => ParkAndFanOut.RunAsync(result.GetValue(polls), result.GetValue(rounds), cancellationToken));

return await new RootCommand("Measures an ErlChat server that it starts itself, on loopback.") { all }.Parse(args).InvokeAsync();

static void Range(System.CommandLine.Parsing.OptionResult result, Option<int> option, int least, int most)
{
    int value = result.GetValue(option);
    if (value < least || value > most)
        result.AddError($"{option.Name} takes {least} to {most}.");
}
