using System.Reflection;
using System.Runtime.InteropServices;
using SQLitePCL;

namespace ErlChat.Sqlite;

/// <summary>Connects the managed provider with the system's SQLite: the one that the operating system's security updates reach.</summary>
internal static class SqliteLibrary
{
    /// <summary>UPSERT, FTS5 with external content and everything else that the schema uses are older than this (Debian 11 has 3.34).</summary>
    private const int OldestVersion = 3_034_000;

    private static readonly Lock s_gate = new();
    private static bool s_loaded;

    /// <summary>Loads the library, once.</summary>
    /// <exception cref="LogStartException">There is none, it is too old, or it lacks full-text search.</exception>
    internal static void Load()
    {
        lock (s_gate)
        {
            if (s_loaded)
                return;
            IntPtr library = Find(Candidates());
            NativeLibrary.SetDllImportResolver(typeof(SQLite3Provider_e_sqlite3).Assembly, (name, _, _) => name == "e_sqlite3" ? library : IntPtr.Zero);
            raw.SetProvider(new SQLite3Provider_e_sqlite3());
            if (raw.sqlite3_libversion_number() < OldestVersion)
                throw new LogStartException($"The system's SQLite is {raw.sqlite3_libversion().utf8_to_string()}; the durable log needs 3.34 or later.");
            if (raw.sqlite3_compileoption_used("ENABLE_FTS5") == 0)
                throw new LogStartException("The system's SQLite was built without FTS5, which the durable log needs. Install another, or start with Log:Kind=Memory.");
            s_loaded = true;
        }
    }

    /// <summary>The first library that loads.</summary>
    /// <exception cref="LogStartException">None does.</exception>
    internal static IntPtr Find(IReadOnlyList<string> names)
    {
        foreach (string name in names)
        {
            if (NativeLibrary.TryLoad(name, Assembly.GetExecutingAssembly(), null, out IntPtr library))
                return library;
        }

        throw new LogStartException($"SQLite is not installed ({string.Join(", ", names)} not found). On Debian and Ubuntu: apt-get install libsqlite3-0. "
            + "Or start with Log:Kind=Memory, which forgets everything at a restart.");
    }

    private static string[] Candidates() =>
        OperatingSystem.IsWindows() ? ["winsqlite3.dll", "sqlite3.dll"]
        : OperatingSystem.IsMacOS() ? ["libsqlite3.dylib", "/usr/lib/libsqlite3.dylib"]
        : ["libsqlite3.so.0", "libsqlite3.so"];
}
