using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using ErlChat.Outcomes;
using ErlChat.State;

namespace ErlChat.Sqlite.Snapshots;

/// <summary>Defines how the state is written as JSON. A test pins the names.</summary>
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
    /// <summary>Describes a type for the serializer, and adds a type name to outcomes.</summary>
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
