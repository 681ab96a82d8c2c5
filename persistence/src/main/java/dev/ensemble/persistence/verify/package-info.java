/** Proves that a journal is what was written: nothing changed, lost, added or moved. */
package dev.ensemble.persistence.verify;
