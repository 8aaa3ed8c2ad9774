// The server's state.

import { find, make } from "../../view/dom.js";
import { number, size, span } from "./format.js";
import { say } from "./texts.js";

/** @param {string} id @param {[string, string][]} facts */
function list(id, facts) {
  const place = find(id);
  const text = JSON.stringify(facts);
  if (place.dataset.drawn === text) return;
  place.dataset.drawn = text;
  place.replaceChildren(...facts.flatMap(([name, value]) => [make("dt", "", name), make("dd", "", value)]));
}

/** @param {any} server the answer of /admin/server/ */
export function drawServer({ version, runtime, sessions, parked, rooms, connections, max_connections: most, nodes, health, memory, log }) {
  const state = find("#health");
  const words = health.ready ? say.ready : say.notReady(health.words);
  if (state.textContent !== words) state.textContent = words;
  state.className = health.ready ? "good" : "error";
  const conditions = find("#conditions");
  conditions.hidden = health.conditions.length === 0;
  conditions.replaceChildren(...health.conditions.map((/** @type {any} */ one) =>
    make("li", one.refuses ? "error" : "warn", `${one.name}: ${one.words}`)));
  list("#now", [
    [say.sessions, number(sessions)],
    [say.parked, number(parked)],
    [say.rooms, number(rooms)],
    [say.connections, most > 0 ? say.of(number(connections), number(most)) : number(connections)],
    [say.version, version],
    [".NET", runtime],
    [say.uptime, span(nodes[0].uptime)],
  ]);
  list("#memory", [
    [say.process, size(memory.process)],
    [say.managed, size(memory.managed)],
    [say.mailboxes, say.of(size(memory.mailboxes), size(memory.max_mailboxes))],
    [say.unreadAnswers, say.of(size(memory.unread_answers), size(memory.max_unread_answers))],
  ]);
  list("#log", [
    [say.kind, log.kind === "memory" ? say.inMemory : log.kind === "postgres" ? "PostgreSQL" : "SQLite"],
    [say.takes, log.available ? say.yes : say.no],
    [say.position, number(log.position)],
    .../** @type {[string, string][]} */ (log.kind === "memory" ? [] : [
      [say.database, size(log.database)],
      [say.wal, log.wal === null ? "–" : size(log.wal)],
      [say.free, log.free === null ? "–" : size(log.free)],
      [say.queued, say.queue(number(log.queued_messages), size(log.queued), size(log.max_queued))],
      [say.snapshot, log.snapshot_age === null ? say.noSnapshot : say.snapshotAge(span(log.snapshot_age), number(log.since_snapshot))],
    ]),
  ]);
}
