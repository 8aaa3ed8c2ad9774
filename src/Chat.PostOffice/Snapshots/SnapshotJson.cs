using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using ErlChat.Outcomes;
using ErlChat.State;

namespace ErlChat.Snapshots;

/// <summary>How the state is written as JSON. The names are pinned by a test.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true)]
[JsonSerializable(typeof(ChatStateImage))]
[JsonSerializable(typeof(Accepted))]
[JsonSerializable(typeof(JoinAccepted))]
[JsonSerializable(typeof(RoomAccepted))]
[JsonSerializable(typeof(PeopleListed))]
[JsonSerializable(typeof(Started))]
[JsonSerializable(typeof(Repeated))]
[JsonSerializable(typeof(Refused))]
internal sealed partial class SnapshotJson : JsonSerializerContext
{
    /// <summary>The type's description, with outcomes told apart by a name.</summary>
    internal static JsonTypeInfo<ChatStateImage> CreateImageType()
    {
        var options = new JsonSerializerOptions(Default.Options) { TypeInfoResolver = Default.WithAddedModifier(NameOutcomes) };
        return (JsonTypeInfo<ChatStateImage>)options.GetTypeInfo(typeof(ChatStateImage));
    }

    private static void NameOutcomes(JsonTypeInfo type)
    {
        if (type.Type != typeof(Outcome))
            return;
        type.PolymorphismOptions = new JsonPolymorphismOptions
        {
            TypeDiscriminatorPropertyName = "kind",
            DerivedTypes =
            {
                new JsonDerivedType(typeof(Accepted), "accepted"),
                new JsonDerivedType(typeof(JoinAccepted), "join_accepted"),
                new JsonDerivedType(typeof(RoomAccepted), "room_accepted"),
                new JsonDerivedType(typeof(PeopleListed), "people_listed"),
                new JsonDerivedType(typeof(Started), "started"),
                new JsonDerivedType(typeof(Repeated), "repeated"),
                new JsonDerivedType(typeof(Refused), "refused"),
            },
        };
    }
}
