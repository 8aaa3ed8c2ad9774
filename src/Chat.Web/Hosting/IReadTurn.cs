namespace ErlChat.Web.Hosting;

/// <summary>A connection whose reads have their turn (<see cref="ReadTurns"/>) before the ordinary pipeline sees them.</summary>
internal interface IReadTurn
{
    /// <summary>Whether the request that is carried out has had its turn; asked once for each.</summary>
    bool UseTurn();
}
