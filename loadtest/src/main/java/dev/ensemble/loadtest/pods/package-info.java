/** Pods of a run, as a watch tells of them. */
package dev.ensemble.loadtest.pods;
