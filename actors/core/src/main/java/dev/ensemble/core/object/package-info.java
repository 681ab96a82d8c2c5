/**
 * Names of objects and access to the metadata that every object has. Values are Jackson trees;
 * nothing here does I/O.
 */
package dev.ensemble.core.object;
