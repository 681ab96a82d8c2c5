/**
 * What is measured of the actor system itself: dispatchers, mailboxes, entities of sharding,
 * members of the cluster. Instruments of our own, without an agent that rewrites classes: see
 * docs/adr/0005-instruments.md.
 *
 * <p>Counters and times are recorded where something happens; what is a level (queues, threads,
 * numbers of entities) is read at intervals by {@link dev.ensemble.actors.observe.Sampling}. Labels
 * are names of actors that live as long as the process, of groups of actors, of resource types:
 * never of objects.
 */
package dev.ensemble.actors.observe;
