package dev.ensemble.core.scheduling;

/**
 * The object that owns a pod as its controller.
 *
 * @param group its API group, empty for core
 */
public record Controller(String group, String kind, String name, String uid) {}
