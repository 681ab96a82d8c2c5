/**
 * Resource quantities: exact amounts with a suffix, such as {@code 500m}, {@code 512Mi} or {@code
 * 1e3}. Grammar, rounding and printing are apimachinery's (API field documentation of {@code
 * resource.Quantity}).
 */
package dev.ensemble.core.quantity;
