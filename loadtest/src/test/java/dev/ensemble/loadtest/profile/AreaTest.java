package dev.ensemble.loadtest.profile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AreaTest {
  @ParameterizedTest
  @CsvSource({
    "HTTP2, akka.http.impl.engine.http2.Http2Ext.x;akka.stream.impl.fusing.GraphInterpreter.y",
    "HTTP, akka.http.impl.engine.rendering.DateHeaderRendering.x;akka.actor.ActorCell.y",
    "TLS, com.sun.crypto.provider.GaloisCounterMode.x;sun.security.ssl.SSLCipher.y",
    "TLS, java.nio.HeapByteBuffer.put;akka.stream.impl.io.TLSActor.doWrap;akka.actor.ActorCell.y",
    "SOCKETS, sun.nio.ch.SocketDispatcher.write0;akka.io.TcpConnection.z",
    "JSON_OUT, java.lang.String.charAt;com.fasterxml.jackson.core.json.UTF8JsonGenerator.w",
    "JSON_TREES, java.util.HashMap.put;com.fasterxml.jackson.databind.node.ObjectNode.set",
    "ENTITY, dev.ensemble.actors.entity.ObjectEntity.onSubmit;akka.persistence.typed.X.y",
    "LEDGER, java.util.ArrayDeque.add;dev.ensemble.actors.ledger.Ledger.onAppend",
    "CONTROLLERS, dev.ensemble.actors.controller.Wakeups.onChanged;akka.actor.ActorCell.y",
    "HASHING, sun.security.provider.SHA2.implCompress0;dev.ensemble.persistence.format.HashChain.x",
    "JOURNAL, dev.ensemble.persistence.format.BatchCodec.encode",
    "THREADS, jdk.internal.misc.Unsafe.unpark;java.util.concurrent.ForkJoinPool.signalWork",
    "ACTORS, java.util.HashMap.get;akka.actor.ActorCell.invoke;java.util.concurrent.ForkJoinPool.x",
    "OTHER, java.util.zip.Inflater.inflate;java.util.TimerThread.run"
  })
  void theTopmostKnownFrameDecides(Area expected, String stack) {
    assertThat(Area.of(stack(stack))).isEqualTo(expected);
  }

  @Test
  void samplesAreCountedByWeightAndLeftOutWithoutAStack() {
    Samples samples = new Samples();
    samples.add(stack("a.B.c;akka.actor.ActorCell.invoke"), 3);
    samples.add(stack("a.B.c;kamon.Kamon.x"), 1);
    samples.add(List.of(), 100);

    assertThat(samples.total()).isEqualTo(4);
    assertThat(samples.areas())
        .containsExactly(
            new Samples.Share<>(Area.ACTORS, 0.75), new Samples.Share<>(Area.METRICS, 0.25));
    assertThat(samples.leaves(5)).containsExactly(new Samples.Share<>(new Frame("a.B", "c"), 1.0));
    assertThat(samples.folded())
        .containsExactly("akka.actor.ActorCell.invoke;a.B.c 3", "kamon.Kamon.x;a.B.c 1");
  }

  static List<Frame> stack(String frames) {
    return Arrays.stream(frames.split(";"))
        .map(
            frame ->
                new Frame(
                    frame.substring(0, frame.lastIndexOf('.')),
                    frame.substring(frame.lastIndexOf('.') + 1)))
        .toList();
  }
}
