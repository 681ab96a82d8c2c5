package dev.ensemble.agent.node;

import dev.ensemble.protocol.ToAgent;

/** Opens the stream that the control plane asks for, or tells it why not. Never blocks. */
public interface StreamOpener {
  void open(ToAgent.OpenStream request, Uplink uplink);
}
