/**
 * Rules of nodes and their agents, pure: how a Node is registered, which range of pod addresses it
 * gets, what an agent's report may change, which ConfigMaps and Secrets a node may see.
 */
package dev.ensemble.core.node;
