import { MultiSelect, Radio, Stack } from "@mantine/core";
import type { DryRun } from "../../../modules/imports/contract.ts";
import { type Wish, withKey, wordsOf } from "../../lib/import-wish.ts";
import { Section } from "../../ui/Section.tsx";

const KEY_COLUMNS_MAX = 10;

type Props = {
  wish: Wish;
  found: DryRun;
  isBusy: boolean;
  onLook: (wish: Wish) => void;
  onChange: (wish: Wish) => void;
};

/** What becomes of rows that are there already, and of wrong ones. */
export function ImportRules({ wish, found, isBusy, onLook, onChange }: Props) {
  const { target, key, onError } = wish;
  return (
    <Section title="Rules">
      <Stack gap="md">
        <MultiSelect
          label="Change rows that are there, told apart by"
          description={
            target.makes
              ? "Such as an address or a number of yours. Without any, every row is new."
              : "New ones are made in another way: here, those that are there are changed."
          }
          maw={480}
          searchable
          data={target.columns.map(({ name }) => ({ value: name, label: wordsOf(name) }))}
          value={[...key]}
          maxValues={KEY_COLUMNS_MAX}
          disabled={isBusy}
          error={found.faults
            .filter(({ field }) => field === "key")
            .map(({ message }) => message)
            .join(" ")}
          onChange={(chosen) => onLook(withKey(wish, found, chosen))}
        />
        <Radio.Group
          label="Where rows are wrong"
          value={onError}
          onChange={(chosen) => onChange({ ...wish, onError: chosen as Wish["onError"] })}
        >
          <Stack gap="xs" mt="xs">
            <Radio value="stop" label="Take in nothing unless every row is right" disabled={isBusy} />
            <Radio value="skip" label="Leave them out, and take in the others" disabled={isBusy} />
          </Stack>
        </Radio.Group>
      </Stack>
    </Section>
  );
}
