/**
 * The scheduler: the buyer's side of the market. It keeps the book of offers, calls for bids and
 * awards; it gives nothing away itself. The seller's side is {@code dev.ensemble.actors.node}.
 *
 * <pre>
 *   Scheduler                                NodeBroker (resident of a Node)
 *     | AskOffer ------------------------------> |
 *     | <--------------------- Posted | Withdrawn |  again whenever the offer changes
 *     | CallForBids (the best few) ------------> |
 *     | <---------------------------------- Bid  |
 *     | Award (the best bid) ------------------> |  promises, Bind to the pod's entity
 *     | <----------------------- Taken | Declined |
 * </pre>
 *
 * <p>Several schedulers may run at once: a node's broker refuses what it cannot hold, and a pod's
 * entity refuses a second Bind.
 */
package dev.ensemble.actors.scheduler;
