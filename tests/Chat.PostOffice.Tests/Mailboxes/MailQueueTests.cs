using CsCheck;
using ErlChat.Mailboxes;
using ErlChat.Postings;

namespace ErlChat.Tests;

/// <summary>The ring against a plain list.</summary>
public class MailQueueTests
{
    /// <summary>Long spells of growing and of shrinking, so that every size of the ring comes up with every offset.</summary>
    private static readonly Gen<Step[]> s_steps = Gen.Bool
        .SelectMany(grows => Gen.Select(
            Gen.Frequency((1, Change.Clear), (grows ? 700 : 300, Change.Enqueue), (grows ? 300 : 700, Change.Dequeue)),
            Gen.Int[1, 3],
            Gen.Int[0, 19],
            Gen.UInt,
            (change, gap, length, look) => new Step(change, gap, length, look)).Array[0, 500])
        .Array[1, 20]
        .Select(spells => spells.SelectMany(spell => spell).ToArray());

    private enum Change
    {
        Enqueue,
        Dequeue,
        Clear,
    }

    [Fact]
    public void The_ring_behaves_as_a_list_does() => Property.Holds(s_steps, 10, steps =>
    {
        var ring = new MailQueue();
        var model = new List<Mail>();
        long sequence = 0;
        foreach (Step step in steps)
        {
            if (step.Change == Change.Clear)
            {
                ring.Clear();
                model.Clear();
            }
            else if (model.Count == 0 || step.Change == Change.Enqueue)
            {
                sequence += step.Gap;
                var mail = new Mail(sequence, default, new Notice(new string('x', step.Length), null));
                ring.Enqueue(mail);
                model.Add(mail);
            }
            else
            {
                Assert.Same(model[0], ring.Dequeue());
                model.RemoveAt(0);
            }

            AssertSame(ring, model, step.Look, sequence);
        }
    });

    [Fact]
    public void An_index_is_the_first_at_or_above_the_cursor()
    {
        var ring = new MailQueue();
        Assert.Equal(0, ring.IndexOf(5));
        foreach (long sequence in (long[])[2, 4, 9])
            ring.Enqueue(new Mail(sequence, default, new Notice("", null)));
        Assert.Equal([0, 0, 0, 1, 1, 2, 2, 3], ((long[])[long.MinValue, 1, 2, 3, 4, 5, 9, 10]).Select(ring.IndexOf));
    }

    private static void AssertSame(MailQueue ring, List<Mail> model, uint look, long newest)
    {
        Assert.Equal(model.Count, ring.Count);
        Assert.Equal(model.Sum(mail => (long)mail.Weight), ring.Weight);
        if (model.Count > 0)
        {
            int at = (int)(look % (uint)model.Count);
            Assert.Same(model[at], ring[at]);
        }

        long cursor = look % (newest + 3);
        int index = model.FindIndex(mail => mail.Sequence >= cursor);
        Assert.Equal(index < 0 ? model.Count : index, ring.IndexOf(cursor));
    }

    /// <param name="Gap">How much higher the next sequence is.</param>
    /// <param name="Look">Decides which mail, and which cursor, is compared.</param>
    private sealed record Step(Change Change, int Gap, int Length, uint Look);
}
