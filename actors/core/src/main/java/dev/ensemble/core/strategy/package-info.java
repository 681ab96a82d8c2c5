/**
 * What the API does to an object in silence before it is judged: which fields a client may not set
 * at all in a request, what is kept of the stored object, and when the generation grows.
 */
package dev.ensemble.core.strategy;
