/**
 * The product as its users run it, in processes of their own, while parts of it are killed, stopped
 * or fed nonsense. What is written down as acknowledged is looked for afterwards.
 */
package dev.ensemble.loadtest.faults;
