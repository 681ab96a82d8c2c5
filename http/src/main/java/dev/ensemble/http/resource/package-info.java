/**
 * Writes: from a body or patch to a command for the object's entity. Each write decodes, admits,
 * prepares, validates and then asks the entity with the sequence number it computed from; the rules
 * themselves are pure and live in core. Subresources that are not plain updates have a class each.
 */
package dev.ensemble.http.resource;
