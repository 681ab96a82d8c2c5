/**
 * Who owns which field: server-side apply and {@code metadata.managedFields} (KEP-555, and the
 * behaviour of structured-merge-diff).
 *
 * <p>A {@link dev.ensemble.core.apply.FieldSet set} of fields is kept in its published form, a tree
 * of JSON objects whose names are path elements: {@code f:name} a field, {@code k:{…}} an element
 * of a list by its keys, {@code v:…} an element of a set, {@code i:0} an index, {@code .} the node
 * itself. So decoding costs nothing, and an update touches only the sets that it changes.
 */
package dev.ensemble.core.apply;
