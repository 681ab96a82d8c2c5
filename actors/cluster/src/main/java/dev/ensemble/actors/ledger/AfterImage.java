package dev.ensemble.actors.ledger;

import dev.ensemble.actors.view.StoredVersion;
import dev.ensemble.core.entity.ObjectState;
import java.util.Optional;

/**
 * What an entity attaches to each event for its ledger.
 *
 * @param next the entity's state after the event
 * @param draft the object after the event, encoded; empty when the event removed it
 * @param uid of the object that the event is about
 */
public record AfterImage(ObjectState next, Optional<StoredVersion.Draft> draft, String uid) {}
