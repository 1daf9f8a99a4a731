using FsCheck;
using FsCheck.Fluent;
using Gateway.Integrations.Otlp;

namespace Gateway.Integrations.Tests.Otlp;

public sealed class GrpcFrameTests
{
    [Fact]
    public void TryRead_WhatWasWritten_IsTheMessage() =>
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), message => GrpcFrame.TryRead(GrpcFrame.Write(message, compress: false), out var read) && read.SequenceEqual(message))
            .QuickCheckThrowOnFailure();

    [Fact]
    public void TryRead_AnythingElse_IsNoMessage() =>
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), ArbMap.Default.ArbFor<byte>(), (message, more) =>
        {
            var frame = GrpcFrame.Write(message, compress: false);
            return !GrpcFrame.TryRead([.. frame, more], out _) && !GrpcFrame.TryRead(frame.AsSpan(0, frame.Length - 1), out _) && !GrpcFrame.TryRead(GrpcFrame.Write(message, compress: true), out _);
        }).QuickCheckThrowOnFailure();
}
