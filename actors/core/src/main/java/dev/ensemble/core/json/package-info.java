/**
 * Rules of JSON values that know no kind: equality, depth, and merge patches (RFC 7386). A tree
 * given here is never changed; what comes back says in its method whether it shares nodes.
 */
package dev.ensemble.core.json;
