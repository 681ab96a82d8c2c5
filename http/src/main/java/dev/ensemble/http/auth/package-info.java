/**
 * Who asks and whether they may: client certificates, impersonation, the authorizer and the reviews
 * that question it. Knows nothing of objects but what the node authorizer looks up.
 */
package dev.ensemble.http.auth;
