package dev.ensemble.agent.stream;

/** What a stream is joined with. */
interface StreamSource {
  /** Sends and receives frames until either side ends; closes the socket at the end. */
  void run(FrameSocket socket);
}
