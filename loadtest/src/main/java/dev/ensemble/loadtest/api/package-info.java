/**
 * The API under load: creates and gets, lists of many pods, many watchers. Talks to the own control
 * plane or to any other API server.
 */
package dev.ensemble.loadtest.api;
