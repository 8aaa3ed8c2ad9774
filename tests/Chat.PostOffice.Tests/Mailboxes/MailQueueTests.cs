using ErlChat.Mailboxes;
using ErlChat.Postings;

namespace ErlChat.Tests;

/// <summary>The ring against a plain list.</summary>
public class MailQueueTests
{
    [Fact]
    public void The_ring_behaves_as_a_list_does() => Seeds.Run(seed =>
    {
        var random = new Random(seed);
        var ring = new MailQueue();
        var model = new List<Mail>();
        long sequence = 0;
        for (int step = 0; step < 20_000; step++)
        {
            // Long spells of growing and of shrinking, so that every size of the ring comes up with every offset.
            bool growing = step / 500 % 2 == 0;
            if (random.Next(1000) == 0)
            {
                ring.Clear();
                model.Clear();
            }
            else if (model.Count == 0 || random.Next(100) < (growing ? 70 : 30))
            {
                sequence += random.Next(1, 4);
                var mail = new Mail(sequence, default, new Notice(new string('x', random.Next(20)), null));
                ring.Enqueue(mail);
                model.Add(mail);
            }
            else
            {
                Assert.Same(model[0], ring.Dequeue());
                model.RemoveAt(0);
            }

            Check(ring, model, random, sequence);
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

    private static void Check(MailQueue ring, List<Mail> model, Random random, long newest)
    {
        Assert.Equal(model.Count, ring.Count);
        Assert.Equal(model.Sum(mail => (long)mail.Weight), ring.Weight);
        if (model.Count > 0)
        {
            int at = random.Next(model.Count);
            Assert.Same(model[at], ring[at]);
        }

        long cursor = random.NextInt64(newest + 3);
        int index = model.FindIndex(mail => mail.Sequence >= cursor);
        Assert.Equal(index < 0 ? model.Count : index, ring.IndexOf(cursor));
    }
}
