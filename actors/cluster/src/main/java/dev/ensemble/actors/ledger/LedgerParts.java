package dev.ensemble.actors.ledger;

import dev.ensemble.persistence.ledger.LedgerStore;
import java.time.Clock;

/** What all ledgers of a process share. */
public record LedgerParts(
    LedgerStore store, Sealing sealing, LedgerSettings settings, Clock clock) {}
