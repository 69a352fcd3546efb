import { Problem } from "../../kernel/errors.ts";
import type { InputOf } from "../../kernel/http/endpoint.ts";
import type { JsonText } from "../../kernel/http/route.ts";
import { refusing } from "../../kernel/nouns/writing/refusals.ts";
import type { Context } from "../../kernel/tenancy/context.ts";
import { transaction } from "../../kernel/tenancy/transaction.ts";
import type * as contract from "./contract.ts";
import { appointment } from "./nouns.ts";

/** What a change comes to: the appointment, the times that are free instead, or the appointment as it is where it is another version. */
type Outcome = { appointment: string | null; free_slots: string | null; current: string | null };

/**
 * Makes an appointment, with its reminders, as JSON. Throws conflict with the next free times in `current` where the member is busy then,
 * and invalid by field.
 */
export async function bookAppointment(
  context: Context,
  { body }: InputOf<typeof contract.bookAppointment>,
): Promise<JsonText> {
  const { remind_minutes, ...wanted } = body;
  return change(context, "calendar.book($1, $2)", [JSON.stringify(wanted), remind_minutes]);
}

/** Moves an appointment. Throws what booking does, changed_meanwhile, not_found, and conflict for one that is over or called off. */
export async function rescheduleAppointment(
  context: Context,
  { params, body }: InputOf<typeof contract.rescheduleAppointment>,
): Promise<JsonText> {
  const { start_time, end_time, assigned_to = null, version = null } = body;
  const values = [params.appointment, start_time, end_time, assigned_to, version];
  return change(context, "calendar.reschedule($1, $2, $3, $4, $5)", values);
}

/** Takes an appointment to another state. Throws as rescheduling does, and conflict with the steps that there are. */
export async function setAppointmentStatus(
  context: Context,
  { params, body }: InputOf<typeof contract.setAppointmentStatus>,
): Promise<JsonText> {
  return change(context, "calendar.set_status($1, $2, $3)", [params.appointment, body.status, body.version ?? null]);
}

async function change(context: Context, call: string, values: readonly unknown[]): Promise<JsonText> {
  const text = `select appointment::text, free_slots::text, current::text from ${call}`;
  return refusing(appointment, () =>
    transaction(context, async (tx) => {
      const [outcome] = await tx.query<Outcome>(text, values);
      if (!outcome?.appointment) throw refusalOf(outcome);
      return { json: outcome.appointment };
    }),
  );
}

function refusalOf(outcome: Outcome | undefined): Problem {
  if (outcome?.current) {
    return new Problem("changed_meanwhile", {
      detail: "Somebody has changed this appointment meanwhile.",
      hint: "Look at what it is now, and try again.",
      current: JSON.parse(outcome.current),
    });
  }
  const free_slots = JSON.parse(outcome?.free_slots ?? "[]");
  return new Problem("conflict", {
    detail: "There is another appointment at this time.",
    hint: free_slots.length > 0 ? "Take one of the next times that are free." : "Nothing is free within two weeks.",
    current: { free_slots },
  });
}
