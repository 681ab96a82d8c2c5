/**
 * From bytes to the canonical object: one walk along the schema that checks types, drops what says
 * nothing (nulls, and zero values that upstream never writes), prunes or reports what the schema
 * does not name, and writes quantities and times in their one form.
 *
 * <p>Not here: defaults and validation of values.
 */
package dev.ensemble.core.decode;
