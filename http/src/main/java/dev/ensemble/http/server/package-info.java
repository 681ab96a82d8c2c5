/**
 * The HTTP server: TLS with HTTP/2 and HTTP/1.1, limits, authentication and authorization of each
 * request, and the hand-over to what serves its path. What objects are and how they change is not
 * known here.
 */
package dev.ensemble.http.server;
