/**
 * The shape of objects as data: which fields there are, what a list's keys are, how a patch merges
 * it. Strategic merge, server-side apply, decoding, protobuf and the published OpenAPI all read the
 * same {@link dev.ensemble.core.schema.Schema}.
 */
package dev.ensemble.core.schema;
