package dev.ensemble.agent.cri;

import dev.ensemble.agent.observe.AgentMetrics;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.nio.file.Path;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** One connection to the runtime's socket with one event loop; calls run on the given executor. */
// The stages ignored here end in what they lead to; their failures are handled there.
@SuppressWarnings("FutureReturnValueIgnored")
final class CriChannel implements AutoCloseable {
  /** Exec output is the largest answer: containerd stops at 16 MiB. */
  private static final int MESSAGE_BYTES_MAX = 17 * 1024 * 1024;

  private final EpollEventLoopGroup loop;
  private final ManagedChannel channel;

  CriChannel(Path socket, Executor executor, AgentMetrics metrics) {
    loop = new EpollEventLoopGroup(1, new DefaultThreadFactory("cri", true));
    channel =
        NettyChannelBuilder.forAddress(new DomainSocketAddress(socket.toString()))
            .overrideAuthority("localhost")
            .eventLoopGroup(loop)
            .channelType(EpollDomainSocketChannel.class)
            .executor(executor)
            .intercept(new CallMetrics(metrics))
            .usePlaintext()
            .maxInboundMessageSize(MESSAGE_BYTES_MAX)
            .build();
  }

  ManagedChannel channel() {
    return channel;
  }

  @Override
  public void close() {
    channel.shutdownNow();
    loop.shutdownGracefully(0, 100, TimeUnit.MILLISECONDS);
  }
}
