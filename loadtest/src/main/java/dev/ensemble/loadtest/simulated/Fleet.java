package dev.ensemble.loadtest.simulated;

/** What a node tells its fleet, on the node's thread. */
interface Fleet {
  /** The node has been accepted, the first time or again. */
  void joined(int number);

  /** Something went wrong; the node goes on. */
  void trouble(String what);
}
