import { Alert, Button, Group, Paper, Stack, Text } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { restoreVersion } from "../../../modules/content/contract.ts";
import { type Item, updateItem } from "../../../modules/content/items-contract.ts";
import { ItemWords } from "../../forms/content/ItemWords.tsx";
import type { Live } from "../../lib/content-queries.ts";
import { may, type Organization } from "../../lib/organization.ts";
import { codeOf } from "../../lib/problem.ts";
import { ProblemAlert } from "../../ui/ProblemAlert.tsx";
import { Steps } from "./Steps.tsx";
import { useItemWords } from "./use-item-words.ts";

type Props = { organization: Organization; item: Item; live: Live | undefined };

/** The words with their preview, their saving, and the steps that can be taken. */
export function ItemEditor({ organization, item, live }: Props) {
  const { words, isDirty, saving, base, write, reload } = useItemWords(organization.slug, item);
  const mayWrite = may(organization, updateItem) && may(organization, restoreVersion);
  const save = (isForced = false) => {
    if (mayWrite && isDirty && !saving.isPending) saving.mutate({ isForced });
  };
  useHotkeys([["mod+S", () => save()]], []);
  const isJudged = ["review", "approved", "published"].includes(base.status);
  return (
    <Stack gap="md">
      <Steps organization={organization} item={base} live={live} isDirty={isDirty} />
      <Paper withBorder p={{ base: "sm", sm: "lg" }}>
        <Stack gap="md">
          <ItemWords
            words={words}
            onWrite={write}
            isReadOnly={!mayWrite || base.status === "archived"}
            organization={organization.slug}
          />
          {saving.error && codeOf(saving.error) === "changed_meanwhile" ? (
            <Alert color="yellow" role="alert" title="Somebody changed this meanwhile">
              <Stack gap="xs">
                <Text size="sm">
                  Nothing of yours is lost yet. What others wrote stays among the versions, whatever you choose.
                </Text>
                <Group gap="sm">
                  <Button size="xs" variant="default" onClick={() => save(true)}>
                    Save mine
                  </Button>
                  <Button size="xs" variant="default" onClick={() => void reload()}>
                    Take theirs
                  </Button>
                </Group>
              </Stack>
            </Alert>
          ) : (
            saving.error && <ProblemAlert error={saving.error} />
          )}
          {mayWrite && base.status !== "archived" && (
            <Group gap="sm">
              <Button onClick={() => save()} loading={saving.isPending} disabled={!isDirty}>
                Save
              </Button>
              <Text size="sm" c="dimmed" role="status">
                {isDirty
                  ? isJudged
                    ? "Not saved. Saving takes it back to work: it is reviewed once more before readers see it."
                    : "Not saved"
                  : "Saved"}
              </Text>
            </Group>
          )}
        </Stack>
      </Paper>
    </Stack>
  );
}
