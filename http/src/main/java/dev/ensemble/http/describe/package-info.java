/**
 * What the API says about itself: discovery documents and OpenAPI, made from the table of kinds.
 */
package dev.ensemble.http.describe;
