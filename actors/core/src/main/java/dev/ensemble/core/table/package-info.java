/**
 * Objects as rows of a {@code meta.k8s.io/v1} Table, for {@code kubectl get}: the columns of each
 * kind and what stands in them. A kind's {@link dev.ensemble.core.table.Printer} has both.
 */
package dev.ensemble.core.table;
