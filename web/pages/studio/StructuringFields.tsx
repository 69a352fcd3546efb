import { Stack, Textarea } from "@mantine/core";
import { type ListField, type Structuring, TEXT_LENGTH_MAX } from "../../../modules/studio/structuring-contract.ts";
import { toProblem } from "../../lib/problem.ts";
import { LIST_FIELDS, TEXT_FIELDS } from "../../lib/structuring.ts";
import { ItemFields } from "./ItemFields.tsx";
import { FIELD_WORDS, HINTS } from "./words.ts";

type Props = { content: Structuring; error: unknown; onChange: (content: Structuring) => void };

/** The fields of the section, in the order in which one fills them in. */
export function StructuringFields({ content, error, onChange }: Props) {
  const faults = (error ? toProblem(error).errors : undefined) ?? [];
  const faultOf = (field: string) => faults.find((fault) => fault.field.split(".")[0] === field)?.message;
  const text = (field: (typeof TEXT_FIELDS)[number]) => (
    <Textarea
      key={field}
      label={FIELD_WORDS[field]}
      description={HINTS[field]}
      autosize
      minRows={3}
      maxRows={20}
      dir="auto"
      maxLength={TEXT_LENGTH_MAX}
      error={faultOf(field)}
      value={content[field]}
      onChange={({ currentTarget }) => onChange({ ...content, [field]: currentTarget.value })}
    />
  );
  const list = (field: ListField) => (
    <ItemFields key={field} field={field} content={content} error={faultOf(field)} onChange={onChange} />
  );
  const [problem, ...otherTexts] = TEXT_FIELDS;
  const [goals, ...otherLists] = LIST_FIELDS;
  return (
    <Stack gap="xl">
      {problem && text(problem)}
      {goals && list(goals)}
      {otherTexts.map(text)}
      {otherLists.map(list)}
    </Stack>
  );
}
