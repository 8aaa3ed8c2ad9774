using System.Text.RegularExpressions;

namespace ErlChat.Deploy.Containers;

/// <summary>What can be checked about the container's files by reading them.</summary>
public sealed partial class FilesTests
{
    private static readonly string s_dockerfile = File.ReadAllText(Repository.PathOf("deploy", "docker", "Dockerfile"));
    private static readonly string s_compose = File.ReadAllText(Repository.PathOf("deploy", "docker", "compose.yaml"));

    [Fact]
    public void The_image_runs_as_an_unprivileged_user_and_has_a_health_check()
    {
        string last = s_dockerfile[s_dockerfile.LastIndexOf("\nFROM ", StringComparison.Ordinal)..];
        Assert.Matches("\nUSER [1-9][0-9]*:[1-9][0-9]*\n", last);
        Assert.Matches("\nHEALTHCHECK .*/readyz", last);
        Assert.Contains("COPY --from=build", last, StringComparison.Ordinal);
    }

    /// <summary>A COPY of a missing file would fail only when a user builds the image.</summary>
    [Fact]
    public void Every_copied_file_exists_and_is_not_ignored()
    {
        string[] left = [.. File.ReadAllLines(Repository.PathOf(".dockerignore")).Where(line => line.Length > 0)];
        string[] copied = [.. Copies().Matches(s_dockerfile)
            .SelectMany(copy => copy.Groups["from"].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries))];
        Assert.True(copied.Length >= 5);
        Assert.All(copied, path => Assert.True(Path.Exists(Repository.PathOf(path.TrimEnd('/'))), path));
        Assert.All(copied, path => Assert.DoesNotContain(path.TrimEnd('/'), left));
    }

    [Fact]
    public void Compose_builds_that_image_keeps_the_data_and_grants_no_privileges()
    {
        Assert.Contains("dockerfile: deploy/docker/Dockerfile", s_compose, StringComparison.Ordinal);
        Assert.Contains("- data:/data", s_compose, StringComparison.Ordinal);
        Assert.Contains("VOLUME /data", s_dockerfile, StringComparison.Ordinal);
        Assert.Contains("no-new-privileges:true", s_compose, StringComparison.Ordinal);
        Assert.DoesNotContain("\t", s_compose, StringComparison.Ordinal);
    }

    [GeneratedRegex("^COPY (?!--from)(?<from>.*) [^ ]+$", RegexOptions.Multiline)]
    private static partial Regex Copies();
}
