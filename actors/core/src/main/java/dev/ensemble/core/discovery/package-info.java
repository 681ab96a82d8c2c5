/**
 * What the API says of itself: groups, versions and resources, one by one or aggregated. Written
 * from the table of resource types and nothing else.
 */
package dev.ensemble.core.discovery;
