import { randomBytes } from "node:crypto";
import type { Customer } from "./crm.ts";
import type { Scene } from "./scene.ts";
import { SECTIONS, TEMPLATE } from "./words/studio.ts";

/** Makes a studio session with all its sections, their versions, a link and exports; a template; and one in the bin. */
export async function makeSessions(scene: Scene, customers: Customer[], tags: Map<string, string>): Promise<void> {
  const { insert, id, clock, people } = scene;
  const created_at = clock.on(-20);
  const session = (
    title: string,
    more: { customer_id?: string; client_name?: string; session_type: string; deleted_at?: Date },
  ) => ({
    id: id(created_at),
    user_id: people.admin,
    title,
    customer_id: more.customer_id,
    client_name: more.client_name,
    session_type: more.session_type,
    is_template: more.session_type === "template",
    deleted_at: more.deleted_at,
    created_at,
  });
  const rooms = session("Forty rooms for the hotel", {
    customer_id: customers[0]?.id,
    client_name: "Hotel Fjordblick",
    session_type: "solution",
  });
  const template = session("Furnishing a hotel floor", { session_type: "template" });
  const binned = session("A bar in the cellar", {
    customer_id: customers[3]?.id,
    session_type: "workshop",
    deleted_at: clock.on(-5),
  });
  await insert("studio.sessions", [rooms, template, binned]);
  await insert("studio.session_tags", [{ session_id: rooms.id, tag_id: tags.get("Design") }]);
  await insert("studio.session_people", [
    { session_id: rooms.id, user_id: people.member, may_write: true },
    { session_id: rooms.id, user_id: people.viewer, may_write: false },
  ]);
  await makeSections(scene, rooms.id);
  await insert("studio.documents", [
    { session_id: template.id, section: "structuring", content: TEMPLATE, saved_by: people.admin, created_at },
  ]);
  await makeOutlets(scene, rooms.id);
}

async function makeSections({ insert, clock, people }: Scene, session: string): Promise<void> {
  const sections = Object.entries(SECTIONS);
  await insert(
    "studio.documents",
    sections.map(([section, [, content]]) => ({
      session_id: session,
      section,
      content,
      saved_by: people.admin,
      created_at: clock.on(-20),
    })),
  );
  await insert(
    "studio.versions",
    sections.flatMap(([section, contents]) =>
      contents.map((content, index) => ({
        session_id: session,
        section,
        number: index + 1,
        content,
        name: index === 0 ? "First idea" : undefined,
        saved_by: index === 0 ? people.member : people.admin,
        saved_at: clock.on(-18 + 6 * index),
      })),
    ),
  );
}

/** What leaves the session: a link, and documents made of it. */
async function makeOutlets({ insert, id, clock, people }: Scene, session: string): Promise<void> {
  // A link whose secret nobody knows: it shows that the session is shared, and opens nothing.
  const secret_hash = `\\x${randomBytes(32).toString("hex")}`;
  await insert("studio.shares", [
    {
      id: id(),
      session_id: session,
      secret_hash,
      sections: ["structuring"],
      created_by: people.admin,
      expires_at: clock.on(30),
    },
  ]);
  await insert("studio.exports", [
    {
      id: id(clock.on(-2)),
      session_id: session,
      format: "pdf",
      status: "completed",
      file_name: "forty-rooms-for-the-hotel.pdf",
      storage_key: "demo/forty-rooms-for-the-hotel.pdf",
      bytes: 182_340,
      error: undefined,
      requested_by: people.admin,
      created_at: clock.on(-2),
    },
    {
      id: id(clock.on(-1)),
      session_id: session,
      format: "pdf",
      status: "failed",
      file_name: undefined,
      storage_key: undefined,
      bytes: undefined,
      error: "The member's limit of this day is reached.",
      requested_by: people.member,
      created_at: clock.on(-1),
    },
  ]);
}
