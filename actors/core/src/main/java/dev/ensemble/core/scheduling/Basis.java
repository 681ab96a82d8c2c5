package dev.ensemble.core.scheduling;

/** What a filter or a score looks at. */
public enum Basis {
  /** One node and what it has given away: the node can give its own live answer. */
  NODE,
  /** Other nodes or the pods there too: only who has the whole book can tell. */
  MARKET
}
