/**
 * Label and field selectors, as written in queries and in objects. Syntax, meaning and canonical
 * text are apimachinery's ({@code labels.Parse}, {@code fields.ParseSelector}).
 */
package dev.ensemble.core.selector;
