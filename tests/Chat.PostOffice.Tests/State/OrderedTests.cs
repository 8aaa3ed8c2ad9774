using System.Diagnostics;
using CsCheck;
using ErlChat.State;

namespace ErlChat.Tests;

public class OrderedTests
{
    // Compared with a list that is sorted after each step, with numbers that are often equal.
    [Fact]
    public void It_keeps_the_order_whatever_is_added_and_removed() => Property.Holds(
        Gen.Select(Gen.Int[0, 30], Gen.Int[0, 2], Gen.Int[0, 99]).Array[0, 200],
        200,
        steps =>
        {
            var ordered = new Ordered<Item>(static (one, other) => one.Number.CompareTo(other.Number));
            var expected = new List<Item>();
            foreach ((int number, int kind, int which) in steps)
            {
                if (kind > 0 || expected.Count == 0)
                {
                    var item = new Item(number);
                    ordered.Add(item);
                    expected = [.. expected.Append(item).OrderBy(static one => one.Number)];
                }
                else
                {
                    Item removed = expected[which % expected.Count];
                    Assert.True(ordered.Remove(removed));
                    Assert.False(ordered.Remove(removed));
                    expected.Remove(removed);
                }

                Assert.Equal(expected, ordered);
                Assert.Equal(expected.Count, ordered.Count);
                Assert.Same(expected.FirstOrDefault(), ordered.First);
            }
        },
        steps => string.Join(' ', steps));

    [Fact]
    public void An_item_is_replaced_in_its_place()
    {
        var ordered = new Ordered<Item>(static (one, other) => one.Number.CompareTo(other.Number));
        Item[] items = [new(1), new(2), new(2), new(2), new(3)];
        Array.ForEach(items, ordered.Add);
        var other = new Item(2);
        ordered.Replace(items[2], other);
        Assert.Equal([items[0], items[1], other, items[3], items[4]], ordered);
        Assert.Throws<UnreachableException>(() => ordered.Replace(items[2], other));
    }

    private sealed class Item(int number)
    {
        internal int Number { get; } = number;

        public override string ToString() => $"{Number}";
    }
}
