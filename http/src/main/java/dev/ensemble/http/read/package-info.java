/**
 * Gets and lists: from a snapshot's encoded bytes to the form the client asked for, parsing only
 * what a selector or a form needs. Selection, chunking and the forms (Table, PartialObjectMetadata)
 * are shared with watches.
 */
package dev.ensemble.http.read;
