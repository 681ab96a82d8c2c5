/**
 * The patches of the API: JSON patch (RFC 6902) and strategic merge patch. Merge patches are in
 * {@link dev.ensemble.core.json.MergePatch}; apply is in {@code dev.ensemble.core.apply}. Results
 * share no node with the arguments.
 */
package dev.ensemble.core.patch;
