/**
 * The rules of controllers, pure and level-based. Each controller looks only at its {@code View}
 * and answers with a {@link dev.ensemble.core.controller.Plan}: what to do now, in order, and when
 * to look again. Carrying plans out, retries and waking are not here: see {@code
 * dev.ensemble.actors.controller}.
 */
package dev.ensemble.core.controller;
