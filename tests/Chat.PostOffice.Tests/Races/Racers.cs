namespace ErlChat.Tests;

/// <summary>
/// Threads that meet at a barrier, and then each run one action after a small random delay, so that the actions interleave.
/// </summary>
/// <remarks>These are dedicated threads, because blocking the thread pool at a barrier would starve the code under test.</remarks>
internal sealed class Racers : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);
    private readonly Barrier _barrier;
    private readonly Thread[] _threads;
    private readonly Action[] _actions;
    private readonly int[] _spins;
    private volatile Exception? _failure;
    private volatile bool _over;

    internal Racers(int count)
    {
        _actions = new Action[count];
        _spins = new int[count];
        _barrier = new Barrier(count);
        _threads = new Thread[count - 1];
        for (int i = 0; i < _threads.Length; i++)
        {
            int place = i + 1;
            _threads[i] = new Thread(() => Work(place)) { IsBackground = true, Name = $"Racer {place}" };
            _threads[i].Start();
        }
    }

    /// <summary>Runs all actions at about the same time, and returns when all are done.</summary>
    internal void Meet(Random random, params ReadOnlySpan<Action> actions)
    {
        for (int i = 0; i < actions.Length; i++)
        {
            _actions[i] = actions[i];
            _spins[i] = random.Next(3) == 0 ? random.Next(400) : random.Next(40);
        }

        Pass();
        Run(0);
        Pass();
        if (_failure is not null)
            throw new InvalidOperationException("A racer failed.", _failure);
    }

    public void Dispose()
    {
        _over = true;
        _barrier.SignalAndWait(s_patience);
        foreach (Thread thread in _threads)
            thread.Join(s_patience);
        _barrier.Dispose();
    }

    private void Work(int place)
    {
        while (true)
        {
            _barrier.SignalAndWait();
            if (_over)
                return;
            Run(place);
            _barrier.SignalAndWait();
        }
    }

    private void Run(int place)
    {
        try
        {
            Thread.SpinWait(_spins[place]);
            _actions[place]();
        }
        catch (Exception e)
        {
            _failure = e;
        }
    }

    private void Pass()
    {
        if (!_barrier.SignalAndWait(s_patience))
            throw new TimeoutException("The racers did not come to the barrier.");
    }
}
