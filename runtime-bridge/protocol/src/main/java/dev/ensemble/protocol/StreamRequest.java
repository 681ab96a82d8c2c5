package dev.ensemble.protocol;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** What a stream is for. Bytes go as {@link StreamFrame}s. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = StreamRequest.Exec.class, name = "exec"),
  @JsonSubTypes.Type(value = StreamRequest.Attach.class, name = "attach"),
  @JsonSubTypes.Type(value = StreamRequest.Logs.class, name = "logs"),
  @JsonSubTypes.Type(value = StreamRequest.PortForward.class, name = "port-forward"),
})
public sealed interface StreamRequest {
  String podUid();

  record Exec(
      String podUid,
      String container,
      List<String> command,
      boolean stdin,
      boolean stdout,
      boolean stderr,
      boolean tty)
      implements StreamRequest {
    public Exec {
      command = List.copyOf(command);
    }
  }

  record Attach(
      String podUid, String container, boolean stdin, boolean stdout, boolean stderr, boolean tty)
      implements StreamRequest {}

  /** A container's log as text on channel 1 (PodLogOptions). {@code sinceTime} is RFC 3339. */
  record Logs(
      String podUid,
      String container,
      boolean follow,
      boolean previous,
      boolean timestamps,
      OptionalLong tailLines,
      OptionalLong limitBytes,
      OptionalLong sinceSeconds,
      Optional<String> sinceTime)
      implements StreamRequest {}

  /**
   * One connection to a port inside the pod's network namespace; channel 0 carries bytes both ways.
   */
  record PortForward(String podUid, int port) implements StreamRequest {}
}
