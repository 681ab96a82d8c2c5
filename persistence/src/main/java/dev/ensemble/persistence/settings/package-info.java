/**
 * Reads settings records from HOCON strictly: unknown keys and bad values are errors with names.
 */
package dev.ensemble.persistence.settings;
