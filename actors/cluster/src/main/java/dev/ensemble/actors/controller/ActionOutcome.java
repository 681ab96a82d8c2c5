package dev.ensemble.actors.controller;

import dev.ensemble.core.controller.Setback;

/** How one action, or a whole plan, went. */
sealed interface ActionOutcome {
  ActionOutcome DONE = new Done();

  /** It is so now, or there is nothing left that it could be done to. */
  record Done() implements ActionOutcome {}

  /** Refused or failed: the rest of the plan was dropped. */
  record Failed(Setback.Attempt attempt, String message) implements ActionOutcome {}
}
