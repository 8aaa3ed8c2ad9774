using System.Globalization;
using CsCheck;
using ErlChat.Protocol.Comet;

namespace ErlChat.Protocol.Tests;

/// <summary><c>msg_id</c> is a leading integer, and 0 without one (docs/comet.md, clause 3).</summary>
public class MessageIdTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("7", 7)]
    [InlineData("007", 7)]
    [InlineData("2xyz", 2)]
    [InlineData("1.9", 1)]
    [InlineData("+2", 2)]
    [InlineData("-1", -1)]
    [InlineData("-0", 0)]
    [InlineData("", 0)]
    [InlineData("abc", 0)]
    [InlineData(" 2", 0)]
    [InlineData("+", 0)]
    [InlineData("-", 0)]
    [InlineData("--1", 0)]
    [InlineData("+-1", 0)]
    [InlineData("0x10", 0)]
    [InlineData("1e9", 1)]
    [InlineData("٣", 0)]
    [InlineData("5\0", 5)]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("9223372036854775808", long.MaxValue)]
    [InlineData("-9223372036854775809", long.MinValue)]
    [InlineData("99999999999999999999999999999999999999999999999", long.MaxValue)]
    [InlineData("-99999999999999999999999999999999999999999999999", long.MinValue)]
    public void The_leading_integer_counts(string text, long value) => Assert.Equal(value, MessageId.Parse(text));

    [Fact]
    public void Every_id_that_a_log_can_reach_reads_back_as_itself() => Property.Holds(
        Gen.Select(Gen.Long[0, long.MaxValue / 16], Gen.Int[0, 59], (id, shift) => id >> shift),
        20_000,
        id => Assert.Equal(id, MessageId.Parse(id.ToString(CultureInfo.InvariantCulture))));
}
