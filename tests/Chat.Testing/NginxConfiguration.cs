namespace ErlChat.Testing;

/// <summary>
/// The configuration of an nginx of a test's own: alone and in the foreground, so that the process that the test knows is all there is,
/// with every file of its own in one folder. Modules of the system's configuration are left out with that.
/// </summary>
public static class NginxConfiguration
{
    /// <param name="folder">For its files.</param>
    /// <param name="servers">What stands in its <c>http</c> block.</param>
    public static string Of(string folder, string servers) => $$"""
        daemon off;
        master_process off;
        pid {{folder}}/nginx.pid;
        events { }
        http {
          access_log off;
          client_body_temp_path {{folder}}/body;
          proxy_temp_path {{folder}}/proxy;
          fastcgi_temp_path {{folder}}/fastcgi;
          uwsgi_temp_path {{folder}}/uwsgi;
          scgi_temp_path {{folder}}/scgi;
        {{servers}}
        }
        """;
}
