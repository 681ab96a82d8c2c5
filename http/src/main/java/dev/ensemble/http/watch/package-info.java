/**
 * Watches: a stage that turns a ledger's changes into frames. A change is encoded once for all
 * plain watchers; each watcher has a bounded queue and is never waited for.
 */
package dev.ensemble.http.watch;
