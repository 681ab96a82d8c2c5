/**
 * Where the CPU of a control plane goes: its flight recording, cut into phases, each sample counted
 * for the area of the program that it was taken in, and the clocks of its threads.
 */
package dev.ensemble.loadtest.profile;
