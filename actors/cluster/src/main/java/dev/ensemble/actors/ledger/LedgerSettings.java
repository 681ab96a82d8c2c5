package dev.ensemble.actors.ledger;

import com.typesafe.config.Config;
import dev.ensemble.actors.view.LedgerView;
import java.time.Duration;

/**
 * Settings under {@code ensemble.ledger}.
 *
 * @param datacenter this datacenter's number, 0 to 31, in the low bits of every revision
 * @param pendingAppendsMax appends that may wait for a batch; further ones are refused
 * @param flightsMax batches that may be on their way to the store at once
 * @param flushInterval how often the checkpoint and the index are brought up to date
 * @param flushEntitiesMax how many changed entities bring a flush forward
 * @param reopenBackoffMax longest pause between two attempts to open a ledger
 * @param heldBytesMax what the objects of all ledgers of this process may take in memory
 * @param history how many recent changes are held for watches that begin in the past
 * @param past reading what is older than that
 */
public record LedgerSettings(
    int datacenter,
    int pendingAppendsMax,
    int flightsMax,
    Duration flushInterval,
    int flushEntitiesMax,
    Duration reopenBackoffMax,
    long heldBytesMax,
    LedgerView.Limits history,
    Past past) {

  /**
   * Settings under {@code ensemble.ledger.past}.
   *
   * @param readersMax pages that are read from the store at once
   * @param waitingMax pages that may wait for that; further ones are refused
   * @param cachedBytesMax objects as they were, kept for the next reader
   */
  public record Past(int readersMax, int waitingMax, long cachedBytesMax) {}

  /** The rest is for requests under way, entities that are awake and the collector's own room. */
  private static final double HELD_SHARE_OF_HEAP = 0.6;

  public static LedgerSettings from(Config config) {
    return new LedgerSettings(
        config.getInt("datacenter"),
        config.getInt("pending-appends-max"),
        config.getInt("flights-max"),
        config.getDuration("flush-interval"),
        config.getInt("flush-entities-max"),
        config.getDuration("reopen-backoff-max"),
        heldBytesMax(config.getMemorySize("held-bytes-max").toBytes()),
        new LedgerView.Limits(
            config.getInt("history.changes-max"),
            config.getMemorySize("history.bytes-max").toBytes()),
        new Past(
            config.getInt("past.readers-max"),
            config.getInt("past.waiting-max"),
            config.getMemorySize("past.cached-bytes-max").toBytes()));
  }

  private static long heldBytesMax(long configured) {
    return configured > 0
        ? configured
        : (long) (Runtime.getRuntime().maxMemory() * HELD_SHARE_OF_HEAP);
  }
}
