namespace ErlChat.Web.Operator;

/// <summary>The operator's page and what it asks.</summary>
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
