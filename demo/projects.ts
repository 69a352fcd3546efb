import { generateNKeysBetween } from "fractional-indexing";
import type { Customer } from "./crm.ts";
import type { Row, Scene } from "./scene.ts";
import { COMMENTS, PROJECTS, WORK } from "./words/projects.ts";

export type Board = { projects: string[]; cards: string[] };

type Card = Row & { id: string; project_id: string; status: string; isPart: boolean; place: number };

/** How far the cards of a project are, by its status: the first ones further than the last ones. */
const STATES: Record<string, string[]> = {
  planning: ["todo"],
  active: ["done", "done", "review", "in_progress", "todo", "cancelled"],
  on_hold: ["done", "in_progress", "todo"],
  completed: ["done"],
  cancelled: ["done", "cancelled"],
};
const PRIORITIES = ["low", "medium", "medium", "high"] as const;

/** Makes client projects with their boards: cards, parts, what waits for what, worklogs and comments. */
export async function makeProjects(scene: Scene, customers: Customer[], tags: Map<string, string>): Promise<Board> {
  const { insert, people, clock } = scene;
  const projects = PROJECTS.map(({ name, description, status, priority }, index) => {
    const start = -90 + 12 * index;
    const created_at = clock.on(start - 3);
    return {
      id: scene.id(created_at),
      name,
      description,
      status,
      priority,
      customer_id: customers[index]?.id,
      manager_id: people.member,
      created_by: people.admin,
      start_date: clock.day(start),
      due_date: clock.day(start + 110),
      completion_date: status === "completed" ? clock.day(-6) : undefined,
      budget: (index + 2) * 450_000,
      currency: "EUR",
      created_at,
    };
  });
  await insert("projects.projects", projects);
  const cards = projects.flatMap(({ id }, index) => ranked(cardsOf(scene, id, index)));
  await insert(
    "projects.tasks",
    cards.map(({ isPart, place, ...row }) => row),
  );
  const tag = tags.get("Design");
  await insert(
    "projects.task_tags",
    cards.filter(({ place }) => place % 3 === 0).map(({ id }) => ({ task_id: id, tag_id: tag })),
  );
  await insert("projects.task_dependencies", dependenciesOf(cards));
  await insert(
    "projects.worklogs",
    cards.flatMap((card) => worklogsOf(scene, card)),
  );
  await makeComments(scene, cards);
  return { projects: projects.map(({ id }) => id), cards: cards.filter(({ isPart }) => !isPart).map(({ id }) => id) };
}

function cardsOf(scene: Scene, project: string, index: number): Card[] {
  const { chance, clock, people } = scene;
  const plan = PROJECTS[index];
  const states = STATES[plan?.status ?? "planning"] ?? [];
  const day = -85 + 12 * index;
  return (plan?.cards ?? []).flatMap(({ title, parts = [] }, place) => {
    const status = states[Math.min(place, states.length - 1)] ?? "todo";
    const made = (text: string, parent?: string): Card => {
      const created_at = clock.on(day + place);
      return {
        id: scene.id(created_at),
        project_id: project,
        parent_task_id: parent,
        title: text,
        status,
        priority: chance.pick(PRIORITIES),
        assigned_to: chance.happens(0.7) ? people.member : people.admin,
        created_by: people.admin,
        due_date: clock.on(day + 14 + 7 * place, 16),
        estimated_minutes: 60 * chance.whole(2, 24),
        completed_at: status === "done" ? clock.on(Math.min(day + 8 + 5 * place, -1), 15) : undefined,
        created_at,
        isPart: parent !== undefined,
        place,
      };
    };
    const card = made(title);
    return [card, ...parts.map((part) => made(part, card.id))];
  });
}

/** Cards in the order in which they stand on their board. */
function ranked(cards: Card[]): Card[] {
  const ranks = generateNKeysBetween(null, null, cards.length);
  return cards.map((card, place) => ({ ...card, rank: ranks[place] }));
}

/** Each card waits for the one before it on its board. */
function dependenciesOf(cards: Card[]): Row[] {
  return cards
    .filter(({ isPart }) => !isPart)
    .flatMap((card, index, all) => {
      const before = all[index - 1];
      return before?.project_id === card.project_id ? [{ task_id: card.id, depends_on_id: before.id }] : [];
    });
}

function worklogsOf({ id, chance, clock, people }: Scene, card: Card): Row[] {
  if (card.status === "todo" || card.status === "cancelled") return [];
  return Array.from({ length: chance.whole(1, 3) }, () => {
    const day = -chance.whole(1, 30);
    return {
      id: id(clock.on(day, 17)),
      project_id: card.project_id,
      task_id: card.id,
      user_id: chance.happens(0.8) ? people.member : people.admin,
      worked_on: clock.day(day),
      minutes: 15 * chance.whole(2, 24),
      note: chance.pick(WORK),
      created_at: clock.on(day, 17),
    };
  });
}

async function makeComments({ insert, id, chance, clock, people }: Scene, cards: Card[]): Promise<void> {
  const written = cards
    .filter(({ status }) => status !== "todo")
    .map(({ id: task_id }) => {
      const created_at = clock.past(-chance.whole(2, 25), 0.5);
      return {
        id: id(created_at),
        task_id,
        parent_id: undefined,
        user_id: people.admin,
        content: chance.pick(COMMENTS),
        created_at,
      };
    });
  await insert("projects.comments", written);
  const answers = written
    .filter((_, index) => index % 2 === 0)
    .map(({ id: parent_id, task_id, created_at: asked }) => {
      const created_at = new Date(asked.getTime() + 3_600_000);
      return {
        id: id(created_at),
        task_id,
        parent_id,
        user_id: people.member,
        content: chance.pick(COMMENTS),
        created_at,
      };
    });
  await insert("projects.comments", answers);
}
