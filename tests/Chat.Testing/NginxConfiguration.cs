namespace ErlChat.Testing;

/// <summary>
/// The configuration of an nginx that belongs to one test. It runs as a single process in the foreground, so that the test can end it, and
/// keeps all its files in one folder. It does not include the modules of the system's configuration.
/// </summary>
public static class NginxConfiguration
{
    /// <summary>The configuration's text.</summary>
    /// <param name="folder">The folder for its files.</param>
    /// <param name="servers">The content of its <c>http</c> block.</param>
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
