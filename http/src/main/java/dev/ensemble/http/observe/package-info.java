/**
 * What the API server tells about itself: metrics of requests under upstream's names, health
 * checks, the version.
 */
package dev.ensemble.http.observe;
