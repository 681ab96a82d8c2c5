/**
 * The shape of objects as data: which fields there are, what a list's keys are, how a patch merges
 * it. Strategic merge, server-side apply, decoding, protobuf and the published OpenAPI all read the
 * same {@link dev.ensemble.core.schema.Schema}.
 *
 * <p>Built-in definitions are text resources beside this package, one file for each API package, a
 * line a field; {@link dev.ensemble.core.schema.DefinitionText} says how they are written. A new
 * kind is a new file and a line in {@code index}.
 */
package dev.ensemble.core.schema;
