package dev.ensemble.agent.cri;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.ensemble.agent.containerd.events.Envelope;
import dev.ensemble.agent.containerd.events.EventsGrpc;
import dev.ensemble.agent.containerd.events.SubscribeRequest;
import dev.ensemble.agent.containerd.events.TaskExit;
import dev.ensemble.agent.containerd.events.TaskOOM;
import dev.ensemble.agent.containerd.events.TaskStart;
import dev.ensemble.agent.runtime.PodRuntime.EventListener;
import dev.ensemble.agent.runtime.RuntimeEvent;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens to containerd's own task events: they exist in every version, unlike CRI's, and say of an
 * exit within milliseconds.
 */
final class ContainerdEvents {
  private static final Logger LOG = LoggerFactory.getLogger(ContainerdEvents.class);
  private static final String FILTER = "namespace==k8s.io,topic~=\"^/tasks/(start|exit|oom)\"";

  private ContainerdEvents() {}

  static AutoCloseable subscribe(ManagedChannel channel, EventListener listener, Runnable lost) {
    Context.CancellableContext context = Context.current().withCancellation();
    AtomicBoolean ended = new AtomicBoolean();
    StreamObserver<Envelope> observer =
        new StreamObserver<>() {
          @Override
          public void onNext(Envelope envelope) {
            read(envelope.getEvent()).ifPresent(listener::onEvent);
          }

          @Override
          public void onError(Throwable failure) {
            if (ended.compareAndSet(false, true)) {
              LOG.info("event stream ended: {}", failure.getMessage());
              lost.run();
            }
          }

          @Override
          public void onCompleted() {
            if (ended.compareAndSet(false, true)) {
              lost.run();
            }
          }
        };
    context.run(
        () ->
            EventsGrpc.newStub(channel)
                .subscribe(SubscribeRequest.newBuilder().addFilters(FILTER).build(), observer));
    return () -> {
      ended.set(true);
      context.cancel(new CancellationException("unsubscribed"));
    };
  }

  /** containerd writes the type's name without a host, so the name after the last slash counts. */
  static Optional<RuntimeEvent> read(Any event) {
    String type = event.getTypeUrl().substring(event.getTypeUrl().lastIndexOf('/') + 1);
    try {
      switch (type) {
        case "containerd.events.TaskStart":
          return Optional.of(
              new RuntimeEvent(
                  TaskStart.parseFrom(event.getValue()).getContainerId(),
                  RuntimeEvent.Kind.STARTED));
        case "containerd.events.TaskExit":
          TaskExit exit = TaskExit.parseFrom(event.getValue());
          // The end of an exec carries the exec's id: only the first process ends a container.
          return exit.getId().equals(exit.getContainerId())
              ? Optional.of(new RuntimeEvent(exit.getContainerId(), RuntimeEvent.Kind.EXITED))
              : Optional.empty();
        case "containerd.events.TaskOOM":
          return Optional.of(
              new RuntimeEvent(
                  TaskOOM.parseFrom(event.getValue()).getContainerId(),
                  RuntimeEvent.Kind.OOM_KILLED));
        default:
          return Optional.empty();
      }
    } catch (InvalidProtocolBufferException e) {
      LOG.warn("an event of type {} does not decode", type, e);
      return Optional.empty();
    }
  }
}
