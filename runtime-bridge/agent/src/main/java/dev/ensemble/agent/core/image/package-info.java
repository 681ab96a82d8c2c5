/** Which images a full disk is freed of. */
package dev.ensemble.agent.core.image;
