/** The machine: commands, cgroups, mounts. Everything here blocks. */
package dev.ensemble.agent.os;
