package dev.ensemble.core.controller;

/**
 * The Events that tell how an action went. {@code {name}} in a message stands for the object's
 * name, which the pass may not know yet; {@code {error}} for what went wrong.
 */
public record Announcement(Note success, Note failure) {}
