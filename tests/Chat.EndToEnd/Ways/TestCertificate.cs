using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ErlChat.EndToEnd;

/// <summary>A self-signed certificate for one host, valid for a day, in a file. Disposing deletes the file.</summary>
internal sealed class TestCertificate : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("erlchat").FullName;

    internal TestCertificate(string host)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using X509Certificate2 certificate = request.CreateSelfSigned(now.AddHours(-1), now.AddDays(1));
        File.WriteAllBytes(Path.Combine(_folder, "site.pfx"), certificate.Export(X509ContentType.Pfx, "secret"));
    }

    /// <summary>The server options that make it use the certificate.</summary>
    internal IEnumerable<string> Options =>
        [$"--Kestrel:Certificates:Default:Path={_folder}/site.pfx", "--Kestrel:Certificates:Default:Password=secret"];

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
