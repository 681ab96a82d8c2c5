/**
 * What the journal holds: events with their provenance and hashes, in batches. The format is for
 * ever.
 */
package dev.ensemble.persistence.format;
