using System.Security.Cryptography;
using Gateway.Core.Identity.Jwt;

namespace Gateway.Core.Tests.Identity.Jwt;

public sealed class Base64UrlTextTests
{
    [Fact]
    public void TryDecode_WhatEncodeWrote_GivesItBack()
    {
        for (var length = 0; length < 70; length++)
        {
            var bytes = RandomNumberGenerator.GetBytes(length);
            Assert.True(Base64UrlText.TryDecode(Base64UrlText.Encode(bytes), out var decoded));
            Assert.Equal(bytes, decoded);
        }
    }

    [Fact]
    public void TryDecode_EveryTwoCharacterText_HasOneSpellingForEachByte()
    {
        const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        var accepted = from a in Alphabet from b in Alphabet where Base64UrlText.TryDecode($"{a}{b}", out _) select $"{a}{b}";
        Assert.Equal(256, accepted.Count());
    }

    [Theory]
    [InlineData("A")]
    [InlineData("AAAAA")]
    [InlineData("AA==")]
    [InlineData("AA=")]
    [InlineData("AA%3D")]
    [InlineData("A A")]
    [InlineData("AA\n")]
    [InlineData("AB")]
    [InlineData("AAB")]
    [InlineData("A+")]
    [InlineData("A/")]
    [InlineData("AÁ")]
    public void TryDecode_AnyOtherSpelling_IsRefused(string text) => Assert.False(Base64UrlText.TryDecode(text, out _));
}
