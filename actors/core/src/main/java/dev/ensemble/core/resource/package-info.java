/**
 * The table of resource types: names, versions, schema, subresources, columns, selectable fields.
 * Kinds are data, not classes.
 *
 * <p>The built-in table is text beside this package; {@link
 * dev.ensemble.core.resource.ResourceText} says how it is written. A stored resource that is served
 * under a second version or group has a {@link dev.ensemble.core.resource.Face}; a resource that is
 * answered and never stored is a {@link dev.ensemble.core.resource.VirtualResource}.
 */
package dev.ensemble.core.resource;
