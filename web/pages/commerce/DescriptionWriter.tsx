import { Alert, Button, Group, Select, Stack, Text, Textarea } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { type FormEvent, useEffect, useState } from "react";
import { listModels } from "../../../modules/assistant/contract.ts";
import { writeDescription } from "../../../modules/content/descriptions-contract.ts";
import { call } from "../../lib/api.ts";
import { modelsQuery } from "../../lib/assistant-queries.ts";
import { useFollowing } from "../../lib/follow-task.ts";
import { may, type Organization } from "../../lib/organization.ts";
import { type Product, shopKey } from "../../lib/shop-queries.ts";
import { isOver, taskQuery } from "../../lib/task-queries.ts";
import { Loaded } from "../../ui/Loaded.tsx";
import { AnchorLink } from "../../ui/links.tsx";
import { ProblemAlert } from "../../ui/ProblemAlert.tsx";
import { Section } from "../../ui/Section.tsx";
import { Told } from "../../ui/Told.tsx";
import { NoModels } from "../assistant/NoModels.tsx";
import { messageOf } from "../tasks/failures.ts";
import { TaskProgress } from "../tasks/TaskProgress.tsx";

const WISHES_LENGTH_MAX = 1_000;

type Model = { name: string; label: string };

/** Has a model write about a product, and tells how that goes. Who may not see the models is written for by the first. */
export function DescriptionWriter({ organization, product }: { organization: Organization; product: Product }) {
  const { task } = useSearch({ from: "/$organization/products/$product" });
  const seesModels = may(organization, listModels);
  const models = useQuery({ ...modelsQuery(organization.slug), enabled: seesModels });
  const state = task && <WritingState organization={organization.slug} task={task} />;
  if (models.data?.items.length === 0)
    return (
      <>
        <NoModels organization={organization} purpose="have a description written" />
        {state}
      </>
    );
  return (
    <Section
      title="Have a description written"
      description="A model writes it from what the store says of the product. You read it before it is published."
    >
      {seesModels ? (
        <Loaded query={models}>
          {({ items }) => <WishForm organization={organization.slug} product={product} models={items} />}
        </Loaded>
      ) : (
        <WishForm organization={organization.slug} product={product} models={[]} />
      )}
      {state}
    </Section>
  );
}

function WishForm({
  organization,
  product,
  models,
}: {
  organization: string;
  product: Product;
  models: readonly Model[];
}) {
  const navigate = useNavigate();
  const [wishes, setWishes] = useState("");
  const [chosen, setChosen] = useState<string>();
  const model = models.find(({ name }) => name === chosen) ?? models[0];
  const writing = useMutation({
    mutationFn: () =>
      call(writeDescription, {
        params: { organization, product: product.id },
        body: { ...(wishes.trim() !== "" && { wishes }), ...(model && { model: model.name }) },
      }),
    onSuccess: (answer) => {
      const { task_id } = answer as unknown as { task_id: string };
      return navigate({
        to: "/$organization/products/$product",
        params: { organization, product: product.id },
        search: { task: task_id },
        replace: true,
      });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!writing.isPending) writing.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <Textarea
          label="Wishes"
          description="Such as the tone, or whom it is for. May stay empty."
          autosize
          minRows={2}
          maxLength={WISHES_LENGTH_MAX}
          maw={640}
          dir="auto"
          value={wishes}
          onChange={(event) => setWishes(event.currentTarget.value)}
        />
        {model && <ModelChoice models={models} model={model} onChoose={setChosen} />}
        <Group>
          <Button type="submit" loading={writing.isPending}>
            Write a description
          </Button>
        </Group>
        {writing.error && <ProblemAlert error={writing.error} />}
      </Stack>
    </form>
  );
}

/** Where there is one model alone, it is told and there is nothing to choose. */
function ModelChoice({
  models,
  model,
  onChoose,
}: {
  models: readonly Model[];
  model: Model;
  onChoose: (name: string) => void;
}) {
  if (models.length === 1)
    return (
      <Text size="sm" c="dimmed">
        {model.label} writes it.
      </Text>
    );
  return (
    <Select
      label="Model"
      data={models.map(({ name, label }) => ({ value: name, label }))}
      value={model.name}
      onChange={(value) => value && onChoose(value)}
      allowDeselect={false}
      maw={320}
    />
  );
}

/** Where the writing stands: it goes on by itself until somebody has to decide. */
function WritingState({ organization, task }: { organization: string; task: string }) {
  const found = useQuery(taskQuery({ organization, task }));
  const queryClient = useQueryClient();
  const status = found.data?.status;
  useFollowing({ organization, task }, status !== undefined && !isOver(status));
  useEffect(() => {
    if (status === "completed") void queryClient.invalidateQueries({ queryKey: shopKey(organization) });
  }, [status, organization, queryClient]);
  const link = (
    <AnchorLink to="/$organization/tasks/$task" params={{ organization, task }} size="sm">
      See the task
    </AnchorLink>
  );
  if (!found.data) return found.error ? <ProblemAlert error={found.error} /> : null;
  const reason = messageOf(found.data.error_details);
  if (status === "waiting" && !reason)
    return (
      <Told title="It waits for your approval">
        <AnchorLink to="/$organization/approvals" params={{ organization }} search={{}} size="sm">
          Read and approve it
        </AnchorLink>
      </Told>
    );
  if (status === "completed") return <Told title="Published">The store is being told. {link}</Told>;
  if (status === "failed" || status === "cancelled" || status === "waiting")
    return (
      <Alert
        color={status === "waiting" ? "yellow" : "red"}
        role="status"
        title={status === "waiting" ? "It waits" : "Nothing was published"}
      >
        <Text size="sm">
          {reason} {link}
        </Text>
      </Alert>
    );
  return (
    <Stack gap="xs" role="status">
      <Text size="sm">{status === "pending" ? "Asking the store first what it says now." : "Writing."}</Text>
      <TaskProgress task={found.data} />
    </Stack>
  );
}
