package dev.ensemble.actors.ledger;

import dev.ensemble.persistence.ledger.LedgerStore;
import dev.ensemble.persistence.seal.Sealer;
import java.time.Clock;

/** What all ledgers of a process share. */
public record LedgerParts(LedgerStore store, Sealer sealer, LedgerSettings settings, Clock clock) {}
