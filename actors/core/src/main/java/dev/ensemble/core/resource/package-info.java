/**
 * The table of resource types: names, versions, schema, subresources, columns, selectable fields.
 * Kinds are data, not classes.
 */
package dev.ensemble.core.resource;
