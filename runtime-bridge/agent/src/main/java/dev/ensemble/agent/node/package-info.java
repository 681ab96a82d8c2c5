/**
 * The node: what is desired here and what is so, between the session and the pods' actors. Goes on
 * without a session.
 */
package dev.ensemble.agent.node;
