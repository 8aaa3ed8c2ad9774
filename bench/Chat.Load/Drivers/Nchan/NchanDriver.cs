namespace ErlChat.Load.Drivers.Nchan;

/// <summary>nginx with nchan, one worker: Debian's nginx-light and libnginx-mod-nchan, with <c>bench/peers/nchan/nginx.conf</c>.</summary>
internal sealed class NchanDriver : IDriver
{
    private const string Program = "/usr/sbin/nginx";
    private const string Module = "/usr/lib/nginx/modules/ngx_nchan_module.so";

    public string Name => "nchan";

    public string? Missing => File.Exists(Program) && File.Exists(Module) ? null : "needs the packages nginx-light and libnginx-mod-nchan";

    public async Task<IPeer> StartAsync(PeerSettings settings, CancellationToken cancellationToken)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("erlchat-nchan-");
        try
        {
            string template = await File.ReadAllTextAsync(
                Repository.Find("bench/peers/nchan/nginx.conf", "It is part of the repository."), cancellationToken);
            string config = Path.Combine(folder.FullName, "nginx.conf");
            await File.WriteAllTextAsync(
                config,
                template
                    .Replace("@MODULE@", Module, StringComparison.Ordinal)
                    .Replace("@FOLDER@", folder.FullName, StringComparison.Ordinal)
                    .Replace("@PORT@", $"{settings.Port}", StringComparison.Ordinal)
                    .Replace("@USER@", Environment.IsPrivilegedProcess ? "user root;" : "", StringComparison.Ordinal),
                cancellationToken);
            ServerProcess server = await ServerProcess.StartAsync(
                new ServerStart
                {
                    Program = Program,
                    Arguments = ["-p", folder.FullName, "-c", config, "-e", Path.Combine(folder.FullName, "error.log")],
                    Port = settings.Port,
                    ReadyPath = "/ready",
                    MeasuresChild = true,
                },
                cancellationToken);
            return new NchanPeer(server, folder);
        }
        catch
        {
            folder.Delete(recursive: true);
            throw;
        }
    }
}
