namespace ErlChat.Terminal.Editing;

/// <summary>The lines that were typed earlier. Not thread-safe.</summary>
internal sealed class LineRecall
{
    /// <summary>How many lines are remembered.</summary>
    private const int Capacity = 200;

    private readonly List<string> _lines = [];
    private int _at;
    private string _draft = "";

    internal void Add(string line)
    {
        if (line.Length > 0 && (_lines.Count == 0 || _lines[^1] != line))
            _lines.Add(line);
        if (_lines.Count > Capacity)
            _lines.RemoveAt(0);
        _at = _lines.Count;
    }

    /// <summary>The previous line. The line being typed is kept for the way back.</summary>
    internal string Older(string current)
    {
        if (_at == 0)
            return current;
        if (_at == _lines.Count)
            _draft = current;
        return _lines[--_at];
    }

    /// <summary>The next line, or the kept line after the last one.</summary>
    internal string Newer(string current)
    {
        if (_at >= _lines.Count)
            return current;
        return ++_at == _lines.Count ? _draft : _lines[_at];
    }
}
