/** In-memory images of ledgers: immutable snapshots to read, ordered changes to watch. */
package dev.ensemble.actors.view;
