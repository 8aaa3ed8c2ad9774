using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;

namespace ErlChat.Testing.Patroni;

/// <summary>A PostgreSQL with its Patroni, which can be killed, frozen and cut off from etcd like a host of its own.</summary>
/// <remarks>Not thread-safe.</remarks>
public sealed class PatroniMember : IAsyncDisposable
{
    /// <summary>A frozen member accepts connections and never answers.</summary>
    private static readonly TimeSpan s_answer = TimeSpan.FromSeconds(2);

    /// <summary>Patroni answers a switchover when it is over, or after 20 s.</summary>
    private static readonly TimeSpan s_switchover = TimeSpan.FromSeconds(30);

    private readonly HttpClient _api;
    private readonly Sandbox _sandbox;
    private readonly EtcdRelay _etcd;
    private Process? _patroni;

    private PatroniMember(Sandbox sandbox, string name, EtcdRelay etcd)
    {
        (_sandbox, Name, _etcd) = (sandbox, name, etcd);
        ApiPort = LoopbackPort.Free();
        Port = LoopbackPort.Free();
        _api = new HttpClient
        {
            BaseAddress = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{ApiPort}")),
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    public string Name { get; }

    /// <summary>PostgreSQL's port.</summary>
    internal int Port { get; }

    /// <summary>The port of Patroni's REST API.</summary>
    internal int ApiPort { get; }

    /// <summary>The folder with its data and its socket.</summary>
    internal string Folder => _sandbox.PathOf(Name);

    /// <summary>Makes a member, which is not started yet.</summary>
    internal static async Task<PatroniMember> CreateAsync(Sandbox sandbox, string name, int etcdPort)
    {
        var member = new PatroniMember(sandbox, name, new EtcdRelay(etcdPort));
        await sandbox.AddFolderAsync(name);
        await sandbox.AddFileAsync(
            name + ".yml", PatroniExample.For(name, member.Folder, member.Port, member.ApiPort, member._etcd.Port));
        return member;
    }

    /// <summary>Starts Patroni, which then starts PostgreSQL.</summary>
    public void Start()
    {
        _patroni?.Dispose();
        _patroni = _sandbox.Start(Name, "patroni", _sandbox.PathOf(Name + ".yml"));
    }

    /// <summary>Kills Patroni, PostgreSQL and everything that they have started, at once.</summary>
    public void Kill()
    {
        Freeze();
        Signals.Send(Signals.Kill, Processes());
    }

    /// <summary>Stops all its processes from running, like a machine that hangs. Its connections stay open.</summary>
    public void Freeze()
    {
        // Parents first, so that no child is missed that they start in the meantime.
        Signals.Send(Signals.Stop, Parents());
        Signals.Send(Signals.Stop, Processes());
    }

    /// <summary>Ends <see cref="Freeze"/>.</summary>
    public void Thaw() => Signals.Send(Signals.Continue, Processes());

    /// <summary>Cuts its connections to etcd. Those to the other members stay.</summary>
    public void CutOffFromEtcd() => _etcd.Cut();

    /// <summary>Ends <see cref="CutOffFromEtcd"/>.</summary>
    public void ReconnectToEtcd() => _etcd.Heal();

    /// <summary>Whether it says that it is the primary.</summary>
    internal async Task<bool> IsPrimaryAsync() => await TryGetAsync("primary") is (HttpStatusCode.OK, _);

    /// <summary>What its REST API answers; null for no answer.</summary>
    internal async Task<(HttpStatusCode Status, string Text)?> TryGetAsync(string path)
    {
        try
        {
            using var limit = new CancellationTokenSource(s_answer, TimeProvider.System);
            using HttpResponseMessage answer = await _api.GetAsync(new Uri(path, UriKind.Relative), limit.Token);
            return (answer.StatusCode, await answer.Content.ReadAsStringAsync(limit.Token));
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>Asks it, the primary, to hand over to its synchronous standby, as <c>patronictl switchover</c> does.</summary>
    internal async Task HandOverAsync()
    {
        using var content = new StringContent($$"""{"leader":"{{Name}}"}""", Encoding.UTF8, "application/json");
        using var limit = new CancellationTokenSource(s_switchover, TimeProvider.System);
        using HttpResponseMessage answer = await _api.PostAsync(new Uri("switchover", UriKind.Relative), content, limit.Token);
        if (answer.StatusCode != HttpStatusCode.OK)
            throw new InvalidOperationException($"switchover: {answer.StatusCode} {await answer.Content.ReadAsStringAsync(limit.Token)}");
    }

    public async ValueTask DisposeAsync()
    {
        _api.Dispose();
        await _etcd.DisposeAsync();
        _patroni?.Dispose();
    }

    private IEnumerable<int> Processes() => [.. Parents().SelectMany(parent => Signals.ChildrenOf(parent).Prepend(parent))];

    /// <summary>Patroni and PostgreSQL's first process, which is not Patroni's child.</summary>
    private IEnumerable<int> Parents()
    {
        if (_patroni is { HasExited: false } patroni)
            yield return patroni.Id;
        string file = Path.Combine(Folder, "data", "postmaster.pid");
        if (File.Exists(file)
            && int.TryParse(File.ReadLines(file).FirstOrDefault(), NumberStyles.None, CultureInfo.InvariantCulture, out int postmaster)
            && Signals.Runs(postmaster, Folder))
        {
            yield return postmaster;
        }
    }
}
