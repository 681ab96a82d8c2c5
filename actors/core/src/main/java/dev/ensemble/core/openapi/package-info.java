/**
 * The published description of the API, version 3 by group version and version 2 as a whole,
 * written from the table of resource types. Descriptions in words are not there.
 */
package dev.ensemble.core.openapi;
