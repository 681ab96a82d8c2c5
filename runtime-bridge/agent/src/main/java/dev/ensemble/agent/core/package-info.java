/** Rules of the agent: no I/O, no Akka, no clock. Kubernetes objects are Jackson trees. */
package dev.ensemble.agent.core;
