package dev.ensemble.agent.cri;

import dev.ensemble.agent.observe.AgentMetrics;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.time.Duration;
import java.util.Locale;

/** Measures every call to the runtime, those that are refused and those that time out too. */
final class CallMetrics implements ClientInterceptor {
  private final AgentMetrics metrics;

  CallMetrics(AgentMetrics metrics) {
    this.metrics = metrics;
  }

  @Override
  public <Q, A> ClientCall<Q, A> interceptCall(
      MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
    ClientCall<Q, A> call = next.newCall(method, options);
    // The subscription to events has no end that would say anything.
    return method.getType() == MethodDescriptor.MethodType.UNARY
        ? new Measured<>(call, operation(method.getBareMethodName()))
        : call;
  }

  /** RunPodSandbox is run_podsandbox in the kubelet's metrics. */
  static String operation(String method) {
    return method
        .replaceAll("(?<=[a-z])(?=[A-Z])", "_")
        .toLowerCase(Locale.ROOT)
        .replace("pod_sandbox", "podsandbox");
  }

  private final class Measured<Q, A> extends SimpleForwardingClientCall<Q, A> {
    private final String operation;

    Measured(ClientCall<Q, A> call, String operation) {
      super(call);
      this.operation = operation;
    }

    @Override
    public void start(Listener<A> listener, Metadata headers) {
      long begun = System.nanoTime();
      super.start(
          new SimpleForwardingClientCallListener<>(listener) {
            @Override
            public void onClose(Status status, Metadata trailers) {
              metrics.called(
                  operation,
                  status.getCode().name().toLowerCase(Locale.ROOT),
                  Duration.ofNanos(System.nanoTime() - begun));
              super.onClose(status, trailers);
            }
          },
          headers);
    }
  }
}
