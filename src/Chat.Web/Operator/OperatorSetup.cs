namespace ErlChat.Web.Operator;

/// <summary>Registers what the operator's page needs.</summary>
internal static class OperatorSetup
{
    internal static void AddOperator(this WebApplicationBuilder builder)
    {
        IServiceCollection services = builder.Services;
        services.AddSingleton<ServerView>();
        services.AddSingleton<Backups>();
        services.AddHostedService(provider => provider.GetRequiredService<Backups>());
    }
}
